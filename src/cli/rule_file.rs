//! The file of rules, `rules.toml` beside the settings file.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    config::{MAX_FILE_BYTES, load_settings, read_optional_file, settings_path},
    environment::Environment,
    global_args::GlobalArgs,
    output,
    unknown_name::NamedThing,
};
use crate::{
    library::{
        LoadedRules, ProgramCommand, ProgramInput, RuleCommands, RuleLoader, clock::local_today,
        write_user_file,
    },
    model::{
        Change, ExistingFile, Failure, ListedRule, Rule, RuleEdit, RuleMistake, RuleText,
        io_error_reason,
    },
    query::check_rule,
    settings::{
        FiledRule, RulesFile, Settings, SettingsError, UserCommand, change_rule, plan_rule_edit,
    },
    store::RuleFileAccess,
    text::unknown_name_message,
};

/// The file of rules.
#[derive(Debug, Clone)]
pub struct RuleFile {
    path: PathBuf,
    /// The commands of the settings that rules may run.
    commands: RuleCommands,
}

impl RuleFile {
    /// Finds the file, which need not exist; `None` without a home folder.
    pub fn find(args: &GlobalArgs, environment: &Environment) -> Option<RuleFile> {
        let settings = settings_path(args, environment)?;
        let commands = rule_commands(&load_settings(args, environment).0);
        Some(RuleFile { path: settings.with_file_name("rules.toml"), commands })
    }

    /// Finds the file for a command that needs it.
    ///
    /// # Errors
    ///
    /// Fails without a home folder.
    pub fn require(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<RuleFile> {
        RuleFile::find(args, environment).ok_or_else(|| {
            anyhow::anyhow!(
                "there is no home folder for rules.toml; name a file with --settings FILE"
            )
        })
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the text of the file; empty if it does not exist.
    pub fn read(&self) -> Result<String, Failure> {
        Ok(read_optional_file(&self.path)?.unwrap_or_default())
    }

    /// Loads the rules, checked against each other and with their queries.
    pub fn load(&self) -> LoadedRules {
        let text = match self.read() {
            Ok(text) => text,
            Err(failure) => {
                let problem = failure.summary.clone();
                let rows = vec![to_row(Err(RuleMistake { line: None, problem }))];
                return LoadedRules { rules: Vec::new(), failures: vec![failure], rows };
            }
        };
        let source_name = self.path.display().to_string();
        let RulesFile { rules, mut errors } = RulesFile::parse(&source_name, &text);
        let (today, mut usable) = (local_today(), Vec::new());
        for FiledRule { rule, line } in rules {
            match check_rule(&rule, today).and_then(|()| self.check_command(&rule)) {
                Ok(()) => usable.push((line, rule)),
                Err(problem) => errors.push(SettingsError {
                    source_name: source_name.clone(),
                    line: Some(line),
                    problem: format!("the rule “{}”: {problem}", rule.name),
                }),
            }
        }
        errors.sort_by_key(|error| error.line);
        LoadedRules {
            rows: list_in_order(&usable, &errors),
            rules: usable.into_iter().map(|(_, rule)| rule).collect(),
            failures: errors.into_iter().map(Failure::from).collect(),
        }
    }

    /// Checks that the settings have the command of a rule.
    pub fn check_command(&self, rule: &Rule) -> Result<(), String> {
        let Some(name) = &rule.actions.run else { return Ok(()) };
        if self.commands.contains_key(name) {
            return Ok(());
        }
        let known = self.commands.keys().map(String::as_str);
        Err(unknown_name_message("command that a rule can run", name, known))
    }

    /// Adds the name of the file to a problem.
    fn name_file(&self, problem: &str) -> String {
        format!("{problem} ({})", self.path.display())
    }

    /// Returns the rule called `name`; upper and lower case make no difference. Prints what is wrong in
    /// the file.
    ///
    /// # Errors
    ///
    /// Fails if no rule without a mistake has the name.
    pub fn find_rule(&self, name: &str) -> anyhow::Result<Rule> {
        let LoadedRules { rules, failures, .. } = self.load();
        let wanted = name.trim().to_lowercase();
        if let Some(rule) = rules.iter().find(|rule| rule.name.to_lowercase() == wanted) {
            return Ok(rule.clone());
        }
        for failure in &failures {
            output::write_stderr_line(&failure.summary);
        }
        Err(NamedThing::Rule.unknown(name, rules.iter().map(|rule| rule.name.as_str())).into())
    }
}

impl RuleFileAccess for RuleFile {
    fn read_text(&self) -> Result<String, String> {
        self.read().map_err(|failure| failure.summary)
    }

    fn write_text(&self, text: &str) -> Result<(), String> {
        if text.len() as u64 > MAX_FILE_BYTES {
            let path = self.path.display();
            return Err(format!("{path} would be larger than 1 MiB, and could not be read again"));
        }
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(|error| {
                let reason = io_error_reason(&error);
                format!("the folder {} cannot be created: {reason}", folder.display())
            })?;
        }
        let path = self.path.display().to_string();
        let written = write_user_file(&path, text, ExistingFile::Replace);
        written.map_err(|failure| failure.summary)
    }

    fn plan_edit(&self, text: &str, edit: &RuleEdit) -> Result<Change, String> {
        plan_rule_edit(text, edit).map_err(|problem| self.name_file(&problem))
    }

    fn change_text(
        &self,
        text: &str,
        before: Option<&RuleText>,
        after: Option<&RuleText>,
    ) -> Result<String, String> {
        change_rule(text, before, after).map_err(|problem| self.name_file(&problem))
    }
}

/// Lists rules, which have their lines, and mistakes in the order of the file.
fn list_in_order(rules: &[(usize, Rule)], errors: &[SettingsError]) -> Vec<ListedRule> {
    let rules = rules.iter().map(|(line, rule)| (Some(*line), to_row(Ok(rule.clone()))));
    let mistakes = errors.iter().map(|error| {
        let problem = error.problem.clone();
        (error.line, to_row(Err(RuleMistake { line: error.line, problem })))
    });
    let mut rows: Vec<(Option<usize>, ListedRule)> = rules.chain(mistakes).collect();
    rows.sort_by_key(|(line, _)| *line);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn to_row(rule: Result<Rule, RuleMistake>) -> ListedRule {
    ListedRule { rule, act_count: 0 }
}

/// Returns the commands of the settings that rules may run: those that need neither the terminal nor a
/// file, because the text is on standard input.
pub fn rule_commands(settings: &Settings) -> RuleCommands {
    let usable = settings.commands.iter().filter(|(_, command)| command.fits_rules());
    let to_program = |command: &UserCommand| ProgramCommand {
        argv: command.argv.clone(),
        input: if command.json { ProgramInput::Json } else { ProgramInput::Text },
    };
    usable.map(|(name, command)| (name.clone(), to_program(command))).collect()
}

/// Returns the loader of the rules for refreshes.
pub fn rule_loader(args: &GlobalArgs, environment: &Environment) -> RuleLoader {
    match RuleFile::find(args, environment) {
        Some(file) => RuleLoader::new(move || file.load()),
        None => RuleLoader::default(),
    }
}
