//! The parts of the state. Each holds one thing on the screen, or one activity in the background.

mod article_images;
mod article_pane;
mod article_view;
mod background_jobs;
mod bidi_state;
mod dwell_timer;
mod entry_list;
mod filter_bar;
mod loaded_article;
mod notices;
mod pane_layout;
mod scroll_amount;
mod sidebar;
mod text_input;
mod ui_state;

pub(super) use article_images::supports_images;
pub use article_images::{ArticleImages, ImageKey};
pub use article_pane::ArticlePane;
pub use article_view::{ArticleView, TextPaneSize};
pub use background_jobs::{BackgroundJobs, FeedProgress};
pub use bidi_state::BidiState;
pub(super) use bidi_state::{BIDI_MODES, is_rtl_visible};
pub(super) use dwell_timer::DwellTimer;
pub use entry_list::EntryList;
pub use filter_bar::FilterBar;
pub(super) use filter_bar::completion_sources;
pub use loaded_article::{FullTextInfo, LoadedArticle};
pub use notices::{Notice, NoticeAction, NoticeLevel, Notices};
pub(super) use notices::{UNDO, count_noun};
pub use pane_layout::{LayoutClass, LayoutOptions, Pane, PaneLayout, Size};
pub use scroll_amount::ScrollAmount;
pub use sidebar::{FolderState, Sidebar, SidebarRow, SidebarTarget};
pub use text_input::TextInput;
pub(super) use text_input::edit_of;
pub(super) use ui_state::KeyState;
pub use ui_state::UiState;
