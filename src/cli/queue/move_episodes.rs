//! `newsreader queue move`: puts episodes at another place of the queue.

use anyhow::bail;
use clap::Args as ClapArgs;

use super::queue_access;
use crate::{
    app::{ChangeAction, describe_action},
    cli::{
        environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
        number::parse_number, open_library::OpenLibrary, outcome::CommandOutcome,
    },
    library::clock::{local_now, utc_now},
    model::{Change, EntryId, MAX_ORDERED_EPISODES, QueueTarget, SortOrder, move_in_queue},
    store::ReadConnection,
};

/// The arguments of `newsreader queue move`.
#[derive(Debug, Clone, ClapArgs)]
pub struct MoveArgs {
    /// Numbers of the articles, in the order in which they are to be played.
    #[arg(value_name = "N", required = true, value_parser = parse_number::<i64>)]
    numbers: Vec<i64>,

    /// The place to move them to.
    #[command(flatten)]
    place: PlaceArgs,
}

/// The place to which episodes are moved.
#[derive(Debug, Clone, ClapArgs)]
#[group(required = true, multiple = false)]
struct PlaceArgs {
    /// Play them next.
    #[arg(long)]
    first: bool,

    /// Play them last.
    #[arg(long)]
    last: bool,

    /// Play them before the episode of this article.
    #[arg(long, value_name = "N", value_parser = parse_number::<i64>)]
    before: Option<i64>,
}

impl PlaceArgs {
    fn target(&self) -> QueueTarget {
        match self.before {
            Some(number) => QueueTarget::Before(EntryId(number)),
            None if self.first => QueueTarget::First,
            None => QueueTarget::Last,
        }
    }
}

/// Moves episodes, as one change that can be undone.
///
/// # Errors
///
/// Fails if an article is not in the queue, or its view has an order other than that of the queue.
pub(super) fn run(
    args: &GlobalArgs,
    environment: &Environment,
    moving: &MoveArgs,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    library.load_initial_articles()?;
    let reader = ReadConnection::open(&library.location)?;
    let (order, queue) = queue_access::find_ordered_queue(&reader)?;
    if order != SortOrder::Queue {
        bail!(
            "the view of the queue is sorted {}; `newsreader view edit Queue --order queue` gives it an order of its own",
            order.label()
        );
    }
    if queue.len() > MAX_ORDERED_EPISODES {
        bail!("the queue has more than {MAX_ORDERED_EPISODES} episodes, too many to be ordered");
    }
    let mut moved: Vec<EntryId> = Vec::new();
    for id in moving.numbers.iter().copied().map(EntryId) {
        if !moved.contains(&id) {
            moved.push(id);
        }
    }
    let other = moving.place.before.map(EntryId);
    if let Some(id) = moved.iter().chain(&other).find(|id| !queue.contains(id)) {
        bail!("article {id} is not in the queue; `newsreader queue list` shows what is");
    }
    if let Some(id) = other.filter(|id| moved.contains(id)) {
        bail!("article {id} cannot be moved before itself");
    }
    let change = Change::order_queue(&moved, &move_in_queue(&queue, &moved, moving.place.target()));
    let done = library.writer.apply_change(&change, utc_now())?;
    let sentence = describe_action(ChangeAction::Applied, Some(&done), local_now());
    CommandOutcome::notice([sentence]).with_changed(moved.len()).print(args)?;
    Ok(ExitStatus::Success)
}
