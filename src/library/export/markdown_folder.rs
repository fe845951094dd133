//! A folder of Markdown files, which a folder feed reads back.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{
    article_paths::{ArticlePaths, article_file_name},
    article_writer::ArticleWriter,
    new_file::{NewFile, create_folder},
};
use crate::{
    documents::MarkdownFile,
    library::readable::{ReadableArticle, ReadableArticles},
    markup::{ExportFormat, ExportHeader},
    model::{ExistingFile, PublicationDate},
};

/// A folder with a folder for each feed.
pub(super) struct MarkdownFolder {
    root: PathBuf,
    existing: ExistingFile,
    paths: ArticlePaths,
}

impl MarkdownFolder {
    /// Makes the folder.
    pub(super) fn begin(
        root: &Path,
        existing: ExistingFile,
        articles: &ReadableArticles<'_>,
    ) -> io::Result<MarkdownFolder> {
        create_folder(root, existing)?;
        Ok(MarkdownFolder { root: root.to_owned(), existing, paths: ArticlePaths::new(articles) })
    }
}

impl ArticleWriter for MarkdownFolder {
    fn write_article(&mut self, article: &ReadableArticle<'_>) -> io::Result<()> {
        let folder = self.root.join(self.paths.folder(article));
        fs::create_dir_all(&folder)?;
        let path = folder.join(article_file_name(article, "md"));
        let mut file = NewFile::create(&path, self.existing)?;
        file.write_all(markdown_file(article).to_text().as_bytes())?;
        // The date of an article whose source states none is that of its file.
        if let PublicationDate::Arrival(at) = article.entry.published {
            file.set_modified(at.into())?;
        }
        file.finish()
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        Ok(())
    }
}

fn markdown_file(article: &ReadableArticle<'_>) -> MarkdownFile {
    let (entry, document) = (&article.entry, article.document.clone());
    MarkdownFile {
        title: entry.title.clone(),
        author: entry.author.clone(),
        published: entry.published,
        link: entry.link.clone(),
        tags: entry.tags.iter().map(|tag| tag.name.as_str().to_owned()).collect(),
        categories: entry.categories.clone(),
        feed: entry.source_name(article.feed).to_owned(),
        read: entry.state.read,
        starred: entry.state.starred,
        body: document.export(&ExportHeader::default(), ExportFormat::Markdown),
    }
}
