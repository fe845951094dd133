//! Commands on rules: the form that makes one of the filter, the table, trials and runs.

use super::{
    overlay_command::{FeedTableCommand, OverlayCommand, RuleTableCommand},
    overlays::{OverlayData, OverlayReply},
};
use crate::{
    app::{
        Action, Actions, App, ChangeAction, Effect, Effects, Notice, NoticeAction, Overlay,
        Question, RuleForm, RuleNames, RuleTable, RuleTrial, ScrollAmount, StoreWrite,
        TrialPurpose, describe_dry_run, rule_trial::describe_tried,
    },
    command::Command,
    model::{AppliedChange, DryRun, Failure, ListedRule, Rule, RuleEdit, ViewScope},
    query::{add_term, field_term},
};

impl App {
    /// Opens the form of a rule for what the list shows: the filter, and the feed or folder.
    pub(super) fn open_rule_form(&self) -> Actions {
        let today = self.current_time.today();
        let filter = self.filter_bar.text();
        let term = match self.scope() {
            ViewScope::Feed(id) => {
                let feed = self.sidebar.feed(*id);
                feed.and_then(|feed| field_term("feed", feed.display_name()))
            }
            ViewScope::Folder(name) | ViewScope::Account(name) => field_term("folder", name),
            ViewScope::Unread | ViewScope::Starred | ViewScope::Today | ViewScope::All => None,
        };
        let query = match term {
            Some(term) if filter.trim().is_empty() => term,
            Some(term) => add_term(filter, &term, today),
            None => filter.to_owned(),
        };
        let names = RuleNames::new(&self.sidebar.data().tags, &self.ui.settings.commands);
        let list = (filter.to_owned(), self.scope().clone());
        let form = RuleForm::for_new(query, list, names, today);
        Action::Open(Overlay::RuleForm(Box::new(form))).into()
    }

    /// Shows what the query of a new rule finds, as it is typed: in all articles, because a rule acts on
    /// those of every feed.
    pub(in crate::app) fn follow_rule_form(&mut self) -> Effects {
        let Some(Overlay::RuleForm(form)) = &self.overlay else { return Effects::none() };
        let Some(query) = form.query_to_show() else { return Effects::none() };
        let is_shown = query == self.filter_bar.text()
            && (*self.scope() == ViewScope::All || self.scope().widens_when_filtered());
        if is_shown {
            return Effects::none();
        }
        let actions = self.entry_list.follow_query(query.to_owned());
        self.perform(actions)
    }

    /// Passes the rules to the table.
    pub(super) fn show_rule_rows(&mut self, rows: Result<Vec<ListedRule>, Failure>) {
        if let Some(table) = self.rule_table() {
            table.set_rows(rows);
        }
    }

    /// Returns the open table of rules, also behind a question.
    fn rule_table(&mut self) -> Option<&mut RuleTable> {
        match &mut self.overlay {
            Some(Overlay::RuleTable(table)) => Some(table),
            Some(Overlay::Question(question)) => question.rule_table_mut(),
            _ => None,
        }
    }

    /// Has the rules loaded anew if they are listed.
    pub(super) fn reload_rules(&mut self) {
        if let Some(table) = self.rule_table() {
            table.reload();
        }
    }

    /// Closes the form of a rule that was saved, and offers to apply it.
    pub(super) fn finish_rule_change(
        &mut self,
        action: ChangeAction,
        done: &AppliedChange,
    ) -> Effects {
        if action != ChangeAction::Applied || !done.change.affects_rules() {
            return Effects::none();
        }
        match self.overlay.take() {
            Some(Overlay::RuleForm(mut form)) if form.saving().is_some() => {
                self.overlay = form.take_table().map(Overlay::RuleTable);
                self.reload_rules();
                self.offer_saved_rule(&form)
            }
            overlay => {
                self.overlay = overlay;
                Effects::none()
            }
        }
    }

    /// Offers to apply a rule that was saved to the articles of its trial. Those of one that has not
    /// ended are looked for anew.
    fn offer_saved_rule(&mut self, form: &RuleForm) -> Effects {
        let Some(rule) = form.saving().filter(|rule| !rule.off && rule.actions.has_marks()) else {
            return Effects::none();
        };
        let trial = RuleTrial { rule: rule.clone(), purpose: TrialPurpose::Offer };
        match form.tried() {
            Some(found) => {
                let found = found.clone();
                self.ask_about_trial(trial, found);
                Effects::none()
            }
            None => Effect::TryRule(Box::new(trial)).into(),
        }
    }

    /// Shows why a rule was not saved. Returns false if its form is closed.
    pub(super) fn fail_rule_form(&mut self, write: &StoreWrite, failure: &Failure) -> bool {
        match (&mut self.overlay, write) {
            (Some(Overlay::RuleForm(form)), StoreWrite::EditRule(_)) if form.saving().is_some() => {
                form.fail_saving(failure);
                true
            }
            _ => false,
        }
    }

    /// Takes the outcome of a trial: for the form, or for a question.
    pub(super) fn finish_trial(&mut self, trial: RuleTrial, found: Result<DryRun, Failure>) {
        match (trial.purpose, &mut self.overlay) {
            (TrialPurpose::Form, Some(Overlay::RuleForm(form))) => form.finish_trial(trial, found),
            (TrialPurpose::Form, _) => {}
            (TrialPurpose::Run, None) | (_, Some(Overlay::RuleTable(_))) => {
                self.ask_about_trial(trial, found);
            }
            (TrialPurpose::Offer, None) => self.tell_about_trial(&trial.rule, found),
            // The user has gone on to something else.
            (TrialPurpose::Offer | TrialPurpose::Run, Some(_)) => {}
        }
    }

    /// Says that a rule, which was saved a while ago, could be applied to the articles that were found. A
    /// question would take a key that is meant for something else.
    fn tell_about_trial(&mut self, rule: &Rule, found: Result<DryRun, Failure>) {
        const ACTIONS: &[NoticeAction] = &[NoticeAction::new(Command::ShowRules, "to apply it")];
        let notice = match found {
            Err(failure) => return self.notices.show_failure(failure, self.current_time.at),
            Ok(found) if found.ids.is_empty() => return,
            Ok(found) => Notice::info(format!("“{}” {}", rule.name, describe_dry_run(&found)))
                .offering(ACTIONS),
        };
        self.notices.show(notice, self.current_time.at);
    }

    /// Asks whether to apply a rule to the articles that were found.
    fn ask_about_trial(&mut self, trial: RuleTrial, found: Result<DryRun, Failure>) {
        let RuleTrial { rule, purpose } = trial;
        let found = match found {
            Ok(found) => found,
            Err(failure) => return self.notices.show_failure(failure, self.current_time.at),
        };
        if found.ids.is_empty() {
            if purpose == TrialPurpose::Run {
                let notice = Notice::info(format!("“{}” matches no listed article", rule.name));
                self.notices.show(notice, self.current_time.at);
            }
            return;
        }
        let text = format!("Apply “{}” to {}?", rule.name, describe_tried(&found));
        let write = StoreWrite::RunRule { rule: Box::new(rule), ids: found.ids };
        let question = Question::new(text, Action::WriteMarks(write));
        self.overlay = Some(Overlay::Question(match self.overlay.take() {
            Some(Overlay::RuleTable(table)) => question.over_rules(table),
            _ => question,
        }));
    }
}

impl RuleForm {
    /// Runs a command: moves the focus, completes a word, saves or closes the form.
    pub(super) fn apply(
        &mut self,
        command: OverlayCommand,
        data: &OverlayData<'_>,
    ) -> OverlayReply {
        match command {
            OverlayCommand::Scroll(ScrollAmount::Lines(lines)) => self.move_focus(lines as isize),
            OverlayCommand::Previous => self.move_focus(-1),
            OverlayCommand::Next => {
                if !self.complete(1) {
                    self.move_focus(1);
                }
            }
            OverlayCommand::Cancel => return OverlayReply::Close(self.cancel()),
            OverlayCommand::Confirm if self.saving().is_none() => return self.save(data),
            OverlayCommand::Confirm
            | OverlayCommand::Scroll(_)
            | OverlayCommand::SavePage
            | OverlayCommand::Leave
            | OverlayCommand::Table(_)
            | OverlayCommand::Rules(_)
            | OverlayCommand::Accounts(_)
            | OverlayCommand::Other => {}
        }
        OverlayReply::Stay(Actions::none())
    }

    /// Saves the rule. The form stays open until that is done, so that nothing typed is lost.
    fn save(&mut self, data: &OverlayData<'_>) -> OverlayReply {
        let Some(edit) = self.validate(data.now.today()) else {
            return OverlayReply::Stay(Actions::none());
        };
        if edit.before == edit.after {
            return OverlayReply::Close(self.back_to_table());
        }
        if let Some(rule) = edit.after.clone() {
            self.start_saving(rule);
        }
        OverlayReply::Stay(StoreWrite::EditRule(Box::new(edit)).into())
    }

    /// Returns to what was there before the form: its table, or the list.
    pub(super) fn cancel(&mut self) -> Actions {
        let list = self.take_list().map(|(filter, scope)| {
            Actions::from(Action::SetFilter(filter)).and(Action::ShowScope(scope))
        });
        self.back_to_table().and(list)
    }

    fn back_to_table(&mut self) -> Actions {
        self.take_table().map(|table| Action::Open(Overlay::RuleTable(table))).into()
    }
}

impl RuleTable {
    /// Runs a command on the selected rule, or on the table itself.
    pub(super) fn apply(
        &mut self,
        command: OverlayCommand,
        data: &OverlayData<'_>,
    ) -> OverlayReply {
        let stay = |actions: Actions| OverlayReply::Stay(actions);
        match command {
            OverlayCommand::Scroll(amount) => self.move_selection(amount.in_rows()),
            OverlayCommand::Previous => self.move_selection(-1),
            OverlayCommand::Next => self.move_selection(1),
            OverlayCommand::Confirm => return self.edit_selected(data),
            OverlayCommand::Cancel => return OverlayReply::Close(Actions::none()),
            OverlayCommand::Table(FeedTableCommand::Undo) => return stay(StoreWrite::Undo.into()),
            OverlayCommand::Table(FeedTableCommand::Redo) => return stay(StoreWrite::Redo.into()),
            OverlayCommand::Rules(RuleTableCommand::Add) => return OverlayReply::NotMine,
            OverlayCommand::Rules(command) => return self.apply_to_rule(command),
            OverlayCommand::Table(_)
            | OverlayCommand::Accounts(_)
            | OverlayCommand::SavePage
            | OverlayCommand::Other => {}
            OverlayCommand::Leave => return OverlayReply::NotMine,
        }
        stay(Actions::none())
    }

    /// Opens the form of the selected rule.
    fn edit_selected(&mut self, data: &OverlayData<'_>) -> OverlayReply {
        let Some(rule) = self.selected_rule().cloned() else {
            return OverlayReply::Stay(self.no_rule_notice());
        };
        let names = RuleNames::new(data.tags, data.commands);
        let today = data.now.today();
        let form = RuleForm::for_rule(&rule, std::mem::take(self), names, today);
        OverlayReply::Close(Action::Open(Overlay::RuleForm(Box::new(form))).into())
    }

    fn apply_to_rule(&self, command: RuleTableCommand) -> OverlayReply {
        let Some(rule) = self.selected_rule() else {
            return OverlayReply::Stay(self.no_rule_notice());
        };
        match command {
            RuleTableCommand::Hits => {
                OverlayReply::Close(Action::VisitList(hits_filter(rule)).into())
            }
            RuleTableCommand::Run if !rule.actions.has_marks() => {
                let text = format!("“{}” acts on new articles only", rule.name);
                OverlayReply::Stay(Notice::info(text).into())
            }
            RuleTableCommand::Run => {
                let trial = RuleTrial { rule: rule.clone(), purpose: TrialPurpose::Run };
                OverlayReply::Stay(Effect::TryRule(Box::new(trial)).into())
            }
            RuleTableCommand::Remove => {
                let edit = RuleEdit { before: Some(rule.clone()), after: None };
                OverlayReply::Stay(StoreWrite::EditRule(Box::new(edit)).into())
            }
            RuleTableCommand::Add => OverlayReply::NotMine,
        }
    }

    /// Returns the notice in place of what cannot be done with the selected row.
    fn no_rule_notice(&self) -> Actions {
        let row = self.selected_row().and_then(|row| row.rule.as_ref().err());
        row.map(|mistake| {
            let line = mistake.line.map_or_else(String::new, |line| format!(", line {line}"));
            Notice::info(format!("Correct the mistake in rules.toml first{line}"))
        })
        .into()
    }
}

/// Returns the filter that lists what a rule matches, also what it has hidden or removed.
///
/// The parenthesis stays open, so that the last word of the query stays the beginning of a word.
fn hits_filter(rule: &Rule) -> String {
    let hides = rule.actions.hide || rule.actions.hide_until.is_some();
    let states: Vec<&str> = [
        (hides, "(is:hidden or -is:hidden)"),
        (rule.actions.remove, "(is:removed or -is:removed)"),
    ]
    .into_iter()
    .filter_map(|(is_needed, state)| is_needed.then_some(state))
    .collect();
    if states.is_empty() {
        return rule.query.clone();
    }
    format!("{} ({}", states.join(" "), rule.query)
}
