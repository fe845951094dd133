//! The items of the picker that says why an article is as it is.

use super::{PickerAction, PickerItem};
use crate::{
    app::{describe_past_act, mark_reasons, mark_sentence, story_sentence},
    model::{EntryHistory, PastAct},
    text::LocalNow,
};

/// Returns the marks of an article with their reasons, why it is in its story, and then what was done to it, newest first.
pub(in crate::app) fn history_items(history: &EntryHistory, now: LocalNow) -> Vec<PickerItem> {
    let until = |at| now.format_until(at);
    let marks = mark_reasons(history).into_iter().map(|reason| {
        let sentence = mark_sentence(&reason, &until);
        read_only_item(sentence.clone(), sentence)
    });
    let story = history.story.as_ref().map(|story| {
        let sentence = story_sentence(story);
        read_only_item(sentence.clone(), sentence)
    });
    let acts = history.acts.iter().map(|act| act_item(act, now));
    let mut items: Vec<PickerItem> = marks.chain(story).chain(acts).collect();
    if history.acts.is_empty() {
        let nothing = "Neither a rule nor you have done anything to it".to_owned();
        items.push(read_only_item(nothing.clone(), nothing));
    }
    items
}

fn act_item(act: &PastAct, now: LocalNow) -> PickerItem {
    let (sentence, by) = (describe_past_act(act, now), act.actor().label());
    let local = act.at().with_timezone(&now.zone);
    let detail = format!("{sentence} ({by}, {})", local.format("%-d %B %Y, %H:%M"));
    read_only_item(format!("{}  {by}: {sentence}", now.format_list_date(act.at())), detail)
}

fn read_only_item(label: String, detail: String) -> PickerItem {
    PickerItem { label, detail, keywords: String::new(), action: PickerAction::NoAction }
}
