//! Lists of pages to read later, as services and browsers export them: tables (CSV), JSON and HTML.

mod columns;
mod csv;
mod html;
mod json;
mod page;
mod parse_list;

pub use parse_list::{PageList, parse_page_list};
