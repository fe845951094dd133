//! The form in which a rule is made or edited. Its foot says what the rule would have applied to.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};

use super::{
    FormField, FormFields, RuleField, RuleTable,
    tag_prompt::DAYS,
    word_completion::{WordCompletion, is_separator, matching_words, split_before_caret},
};
use crate::{
    app::{RuleTrial, TextInput, TrialPurpose, describe_dry_run},
    model::{
        DryRun, Failure, Rule, RuleActions, RuleEdit, Tag, TagName, ViewScope, parse_rule_weight,
    },
    query::{FUTURE_TIME_FORMS, check_rule, find_mistake, parse_future_time},
    settings::{UserCommand, check_rule_name},
    text::{capitalize, count_noun, unknown_name_message},
};

/// Rows below the fields: two for the trial, one for the help.
const FOOT_ROWS: u16 = 3;

/// The names that the form completes and checks.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct RuleNames {
    /// The names of the user's tags.
    pub(in crate::app) tags: Vec<String>,
    /// The commands of the settings that a rule may run.
    pub(in crate::app) commands: Vec<String>,
}

impl RuleNames {
    /// Collects the names of tags, and of the commands of the settings that rules may run.
    pub(in crate::app) fn new(tags: &[Tag], commands: &BTreeMap<String, UserCommand>) -> RuleNames {
        let usable = commands.iter().filter(|(_, command)| command.fits_rules());
        RuleNames {
            tags: tags.iter().map(|tag| tag.name.to_string()).collect(),
            commands: usable.map(|(name, _)| name.clone()).collect(),
        }
    }
}

/// The form in which a rule is made or edited.
#[derive(Debug)]
pub struct RuleForm {
    /// The title of the form.
    pub title: String,
    /// The fields.
    pub form: FormFields,
    /// The rule before the edit; `None` for one that is made.
    before: Option<Rule>,
    /// The rule that the form began with.
    first: Rule,
    /// The table that the form was opened from.
    table: Option<RuleTable>,
    /// The filter and the scope of the list before the form of a new rule was opened.
    list_before: Option<(String, ViewScope)>,
    names: RuleNames,
    completion: WordCompletion,
    trial: TrialState,
    /// The rule that is being saved.
    saving: Option<Rule>,
    today: NaiveDate,
}

/// The numbers of the articles that the rule would have applied to.
#[derive(Debug, Default)]
struct TrialState {
    /// The trial whose outcome has not arrived.
    pending: Option<RuleTrial>,
    /// The outcome of the last one.
    done: Option<(RuleTrial, Result<DryRun, Failure>)>,
}

impl RuleForm {
    /// Creates the form for a new rule with this query. The list shows what the query finds, and goes back
    /// to `list`, a filter and a scope, if no rule is made.
    pub(in crate::app) fn for_new(
        query: String,
        list: (String, ViewScope),
        names: RuleNames,
        today: NaiveDate,
    ) -> RuleForm {
        let first = Rule { query, ..Rule::default() };
        let form = RuleForm::new("New rule".to_owned(), first, None, names, today);
        RuleForm { list_before: Some(list), ..form }
    }

    /// Creates the form for a rule of the file, which was opened from a table.
    pub(in crate::app) fn for_rule(
        rule: &Rule,
        table: RuleTable,
        names: RuleNames,
        today: NaiveDate,
    ) -> RuleForm {
        let title = format!("Rule “{}”", rule.name);
        let form = RuleForm::new(title, rule.clone(), Some(rule.clone()), names, today);
        RuleForm { table: Some(table), ..form }
    }

    fn new(
        title: String,
        first: Rule,
        before: Option<Rule>,
        names: RuleNames,
        today: NaiveDate,
    ) -> RuleForm {
        let fields = RuleField::ALL.map(|field| (FormField::Rule(field), field.text_of(&first)));
        RuleForm {
            title,
            form: FormFields::new(fields).with_foot_rows(FOOT_ROWS, FOOT_ROWS - 1),
            before,
            first,
            table: None,
            list_before: None,
            names,
            completion: WordCompletion::default(),
            trial: TrialState::default(),
            saving: None,
            today,
        }
    }

    /// Returns whether a field differs from the rule that the form began with.
    pub(in crate::app) fn is_changed(&self) -> bool {
        let is_edited = |(field, line): &(FormField, TextInput)| match field {
            FormField::Rule(field) => line.text() != field.text_of(&self.first),
            _ => false,
        };
        self.form.fields.iter().any(is_edited)
    }

    /// Edits the focused line.
    pub(in crate::app) fn edit_input(&mut self, edit: impl FnOnce(&mut TextInput)) {
        if !self.form.is_choice_focused() {
            edit(self.form.focused_input());
        }
        self.completion.reset();
        self.form.error = None;
    }

    fn focused_field(&self) -> Option<RuleField> {
        match self.form.fields[self.form.focused_index].0 {
            FormField::Rule(field) => Some(field),
            _ => None,
        }
    }

    /// Returns the text of the query as it is typed, which the list follows while a rule is made.
    pub(in crate::app) fn query_to_show(&self) -> Option<&str> {
        self.before.is_none().then(|| self.text(RuleField::Query))
    }

    fn text(&self, field: RuleField) -> &str {
        let is_field = |(known, _): &&(FormField, TextInput)| *known == FormField::Rule(field);
        self.form.fields.iter().find(is_field).map_or("", |(_, line)| line.text())
    }

    /// Returns the words that complete the one before the caret.
    pub fn completions(&self) -> Vec<String> {
        if let Some(words) = self.completion.offered() {
            return words.to_vec();
        }
        let (_, line) = &self.form.fields[self.form.focused_index];
        let word = split_before_caret(line).1;
        match self.focused_field() {
            Some(RuleField::Tags) => {
                matching_words(self.names.tags.iter().map(String::as_str), "", word)
            }
            Some(RuleField::HideUntil) => matching_words(DAYS.into_iter(), "", word),
            Some(RuleField::Run) => {
                matching_words(self.names.commands.iter().map(String::as_str), "", word)
            }
            _ => Vec::new(),
        }
    }

    /// Completes the word before the caret; returns false if there is nothing to complete.
    pub(in crate::app) fn complete(&mut self, step: isize) -> bool {
        let is_going_on = self.completion.offered().is_some();
        let words = self.completions();
        if is_going_on && words.len() == 1 {
            return false;
        }
        // An empty field is left, as every other one is.
        let has_word = !self.form.focused_input().text_before_caret().trim().is_empty();
        if words.is_empty() || !(has_word || is_going_on) {
            return false;
        }
        self.completion.complete(self.form.focused_input(), words, step);
        self.form.error = None;
        true
    }

    /// Moves the focus; negative is up.
    pub(in crate::app) fn move_focus(&mut self, delta: isize) {
        self.form.move_focus(delta);
        self.completion.reset();
    }

    /// Returns the mistake in the query as it is typed.
    pub fn query_mistake(&self) -> Option<String> {
        let query = self.text(RuleField::Query);
        let mistake = find_mistake(query, self.today)?;
        Some(format!("“{}”: {}", &query[mistake.span.clone()], mistake.describe(query)))
    }

    /// Returns the rule as the fields describe it, except its tags and its weight.
    fn untagged_rule(&self) -> Rule {
        let mut rule = self.first.clone();
        for (field, line) in &self.form.fields {
            if let FormField::Rule(field) = field {
                field.set_text(&mut rule, line.text());
            }
        }
        rule
    }

    /// Returns the edit; shows the mistake and returns `None` if a field is wrong.
    pub(in crate::app) fn validate(&mut self, today: NaiveDate) -> Option<RuleEdit> {
        match self.check(today) {
            Ok(rule) => Some(RuleEdit { before: self.before.clone(), after: Some(rule) }),
            Err((field, mistake)) => {
                let is_field =
                    |(known, _): &(FormField, TextInput)| *known == FormField::Rule(field);
                let index = self.form.fields.iter().position(is_field).unwrap_or_default();
                self.form.reject(index, capitalize(&mistake));
                None
            }
        }
    }

    /// Checks the fields; the error names the field that is wrong.
    fn check(&self, today: NaiveDate) -> Result<Rule, (RuleField, String)> {
        let at = |field: RuleField| move |problem: String| (field, problem);
        let mut rule = self.untagged_rule();
        rule.actions.tags = parse_tags(self.text(RuleField::Tags)).map_err(at(RuleField::Tags))?;
        rule.actions.weight =
            parse_rule_weight(self.text(RuleField::Weight)).map_err(at(RuleField::Weight))?;
        check_rule_name(&rule.name).map_err(at(RuleField::Name))?;
        let until = rule.actions.hide_until.clone();
        let without_day = RuleActions { hide_until: None, ..rule.actions.clone() };
        let undated = Rule { actions: without_day, ..rule.clone() };
        check_rule(&undated, today).map_err(at(RuleField::Query))?;
        check_rule(&rule, today).map_err(at(RuleField::HideUntil))?;
        let is_past =
            |time: &String| parse_future_time(time, today.and_time(NaiveTime::MIN)).is_none();
        if until != self.first.actions.hide_until
            && let Some(day) = until.as_ref().filter(|day| is_past(day))
        {
            let problem = format!("“{day}”: {FUTURE_TIME_FORMS}");
            return Err((RuleField::HideUntil, problem));
        }
        if rule.actions.hide && until.is_some() {
            let problem = "hide articles for good, or until a day, not both".to_owned();
            return Err((RuleField::HideUntil, problem));
        }
        let commands = &self.names.commands;
        if let Some(name) = rule.actions.run.as_ref().filter(|name| !commands.contains(name)) {
            let known = commands.iter().map(String::as_str);
            let problem = unknown_name_message("command that a rule can run", name, known);
            return Err((RuleField::Run, problem));
        }
        if rule.actions.is_empty() {
            let problem = "choose an action: tick one, or name a tag, a day, a command or a weight";
            return Err((RuleField::Star, problem.to_owned()));
        }
        Ok(rule)
    }

    /// Notes that the rule is being saved. Returns false if one is already.
    pub(in crate::app) fn start_saving(&mut self, rule: Rule) -> bool {
        self.saving.replace(rule).is_none()
    }

    /// Returns the rule that is being saved.
    pub fn saving(&self) -> Option<&Rule> {
        self.saving.as_ref()
    }

    /// Shows why the rule was not saved; what was typed stays to be corrected.
    pub(in crate::app) fn fail_saving(&mut self, failure: &Failure) {
        self.saving = None;
        self.form.error = Some(failure.summary.clone());
    }

    /// Takes the table that the form was opened from.
    pub(in crate::app) fn take_table(&mut self) -> Option<RuleTable> {
        self.table.take()
    }

    /// Takes the filter and the scope that the list had before the form was opened.
    pub(in crate::app) fn take_list(&mut self) -> Option<(String, ViewScope)> {
        self.list_before.take()
    }

    /// Returns the trial of the rule as it is; `None` without a query that can be searched.
    fn wanted_trial(&self) -> Option<RuleTrial> {
        let Rule { query, actions, .. } = self.untagged_rule();
        if query.trim().is_empty() || self.query_mistake().is_some() {
            return None;
        }
        // Which articles match depends on nothing else.
        let actions = RuleActions { remove: actions.remove, ..RuleActions::default() };
        let rule = Rule { query, actions, ..Rule::default() };
        Some(RuleTrial { rule, purpose: TrialPurpose::Form })
    }

    /// Returns a trial to run, unless one is running: what is typed meanwhile is tried after it.
    pub(in crate::app) fn request_trial(&mut self) -> Option<RuleTrial> {
        if self.trial.pending.is_some() {
            return None;
        }
        let wanted = self.wanted_trial()?;
        let is_done = self.trial.done.as_ref().is_some_and(|(done, _)| *done == wanted);
        self.trial.pending = (!is_done).then_some(wanted);
        self.trial.pending.clone()
    }

    /// Takes the outcome of a trial, unless it is that of another form.
    pub(in crate::app) fn finish_trial(
        &mut self,
        trial: RuleTrial,
        found: Result<DryRun, Failure>,
    ) {
        if self.trial.pending.as_ref() == Some(&trial) {
            self.trial.pending = None;
            self.trial.done = Some((trial, found));
        }
    }

    /// Returns the articles that the rule as it is would have applied to; `None` until they are known.
    pub(in crate::app) fn tried(&self) -> Option<&Result<DryRun, Failure>> {
        let (trial, found) = self.trial.done.as_ref()?;
        (Some(trial) == self.wanted_trial().as_ref()).then_some(found)
    }

    /// Returns the sentence of the foot about the trial, and whether it is about a failure.
    pub fn trial_text(&self) -> (String, bool) {
        if self.saving.is_some() {
            return ("Saving…".to_owned(), false);
        }
        if self.wanted_trial().is_none() {
            return match self.query_mistake() {
                Some(mistake) => (mistake, true),
                None => ("A rule needs a query.".to_owned(), false),
            };
        }
        match self.tried() {
            None => ("Counting…".to_owned(), false),
            Some(Err(failure)) => (failure.summary.clone(), true),
            Some(Ok(found)) => {
                let unsearched = match found.unsearched_count {
                    0 => String::new(),
                    count => {
                        format!("; {} could not be searched", count_noun(count, "article"))
                    }
                };
                let text = capitalize(&describe_dry_run(found));
                (format!("{text}{unsearched}"), false)
            }
        }
    }
}

/// Parses the tags of a rule, each once.
fn parse_tags(text: &str) -> Result<Vec<TagName>, String> {
    let words = text.split(is_separator).filter(|word| !word.is_empty());
    let parse =
        |name: &str| TagName::parse(name).map_err(|error| format!("“{name}” is no tag: {error}"));
    let mut tags = words.map(parse).collect::<Result<Vec<TagName>, String>>()?;
    tags.sort_by_key(TagName::key);
    tags.dedup_by_key(|tag| tag.key());
    Ok(tags)
}
