//! A small web site, kept in memory: what a server serves.
//!
//! The site knows resources and what methods do to them; it knows no connections and no framing.
//! [`Site::answer`] takes one request and gives one [`Answer`] with the rules that led to it.

mod answer;
mod conditions;
mod department;
mod document;
mod form;
mod language;
mod links;
mod picture;
mod sessions;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use answer::{Answer, Asked, Content};
pub use document::Document;
pub use links::{MAX_LINKS, object_links};
pub use picture::gif_of_size;
pub use sessions::{MAX_SESSIONS, Sessions};
pub use tree::MAX_TREE_DOCUMENTS;

use crate::endpoint::{Row, Table};
use crate::wire::Time;

/// A web site: resources by path, and the sessions of its visitors.
///
/// Built by naming its resources one after another; see [`Site::department`] for a whole one.
/// Cloning is cheap: the resources are shared until one of them changes.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Site {
    resources: Arc<BTreeMap<String, Resource>>,
    /// The path, ending in `/`, under which PUT and DELETE work.
    tree: Option<String>,
    sessions: Sessions,
    /// How many documents POST has ever added to the tree: names the next.
    added: u64,
}

/// One resource of a site, by what it does when asked.
#[derive(Clone, PartialEq, Debug)]
pub enum Resource {
    /// Serves one document.
    Document(Document),
    /// Serves the same content in the language that the client likes best.
    Languages {
        /// Language tags such as `en`, with their documents; the first is the default.
        variants: Vec<(String, Document)>,
        /// Whether to answer 406 rather than the default when none is acceptable.
        strict: bool,
    },
    /// Sends the client elsewhere.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// A reference to where.
        to: String,
    },
    /// Answers the query of a GET form with a page.
    Search,
    /// Takes a POST form: answers with a page, or sends the client on with 303.
    Form {
        /// Where to send the client on to.
        then: Option<String>,
    },
    /// Counts a visitor's visits, known by a session cookie.
    Visits,
    /// Sets a cookie, or takes it back.
    SetCookie {
        /// The cookie as `NAME=VALUE`, with attributes such as `; Path=/; Secure`.
        cookie: String,
        /// Seconds until the date that Expires shall say, before now to delete the cookie; none
        /// for a session cookie.
        expires_secs: Option<i64>,
    },
    /// Serves content in pieces, its length not known beforehand.
    Stream {
        /// The media type.
        media_type: String,
        /// The pieces.
        pieces: Vec<bytes::Bytes>,
    },
    /// Always fails.
    Failing {
        /// 500 or 503, or what else the stage asks for.
        status: u16,
        /// Seconds for Retry-After.
        retry_after_secs: Option<u32>,
    },
}

impl Site {
    /// A site with no resources.
    pub fn new() -> Site {
        Site::default()
    }

    /// The same site with one more resource at a path that begins with `/`.
    pub fn with(mut self, path: &str, resource: Resource) -> Site {
        Arc::make_mut(&mut self.resources).insert(path.to_string(), resource);
        self
    }

    /// The same site with a document.
    pub fn with_document(self, path: &str, document: Document) -> Site {
        self.with(path, Resource::Document(document))
    }

    /// The same site with a redirect.
    pub fn with_redirect(self, path: &str, status: u16, to: &str) -> Site {
        self.with(path, Resource::Redirect { status, to: to.to_string() })
    }

    /// The same site with a tree under a path that ends in `/`, where PUT and DELETE work.
    pub fn with_tree(mut self, path: &str) -> Site {
        self.tree = Some(path.to_string());
        self
    }

    /// A site whose page at `/` shows `count` pictures of exactly `size_bytes` each, at
    /// `/objects/1.gif` and so on: for measuring connections.
    pub fn page_with_objects(count: usize, size_bytes: usize, modified: Time) -> Site {
        let mut page = String::from(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Gallery</title></head><body>\n\
             <h1>Gallery</h1>\n",
        );
        let mut site = Site::new();
        for n in 1..=count {
            page += &format!("<img src=\"/objects/{n}.gif\" alt=\"Picture {n}\">\n");
            let picture = Document::new("image/gif", gif_of_size(size_bytes, n), modified);
            site = site.with_document(&format!("/objects/{n}.gif"), picture);
        }
        page += "</body></html>\n";
        site.with_document("/", Document::new("text/html; charset=utf-8", page, modified))
    }

    /// Puts new content at a path, changed now: what the site's author does, not a request. The
    /// type and what is said to caches stay as they were.
    pub fn publish(&mut self, path: &str, content: impl Into<bytes::Bytes>, now: Time) {
        let resources = Arc::make_mut(&mut self.resources);
        let document = match resources.remove(path) {
            Some(Resource::Document(old)) => old.rewritten(content, now),
            Some(_) | None => Document::new("text/html; charset=utf-8", content, now),
        };
        resources.insert(path.to_string(), Resource::Document(document));
    }

    /// Takes the resource at a path away; whether there was one.
    pub fn withdraw(&mut self, path: &str) -> bool {
        Arc::make_mut(&mut self.resources).remove(path).is_some()
    }

    /// The resources by path.
    pub fn resources(&self) -> impl Iterator<Item = (&str, &Resource)> {
        self.resources.iter().map(|(path, resource)| (path.as_str(), resource))
    }

    /// The sessions of its visitors.
    pub fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// The resources and the sessions as tables for the State view.
    pub fn tables(&self, now: Time) -> Vec<Table> {
        let resources = Table {
            title: "resources",
            columns: &["Path", "What it is", "Size", "Last modified", "Entity tag"],
            rows: self.resources().map(|(path, resource)| resource.row(path)).collect(),
        };
        vec![resources, self.sessions.table(now)]
    }
}

impl Resource {
    fn row(&self, path: &str) -> Row {
        let (what, document) = match self {
            Resource::Document(document) => (document.media_type.clone(), Some(document)),
            Resource::Languages { variants, .. } => {
                let tags: Vec<&str> = variants.iter().map(|(tag, _)| tag.as_str()).collect();
                (format!("in {}", tags.join(", ")), variants.first().map(|(_, d)| d))
            }
            Resource::Redirect { status, to } => (format!("{status} to {to}"), None),
            Resource::Search => ("a GET form".to_string(), None),
            Resource::Form { .. } => ("a POST form".to_string(), None),
            Resource::Visits => ("counts visits".to_string(), None),
            Resource::SetCookie { cookie, .. } => (format!("sets {cookie}"), None),
            Resource::Stream { pieces, .. } => (format!("{} chunks", pieces.len()), None),
            Resource::Failing { status, .. } => (format!("fails with {status}"), None),
        };
        let cell = |of: fn(&Document) -> String| document.map(of).unwrap_or_default();
        let size = cell(|d| format!("{} B", d.content().len()));
        let modified = cell(|d| d.modified.to_string());
        let tag = cell(|d| d.entity_tag().unwrap_or_default());
        Row { key: path.to_string(), cells: vec![path.to_string(), what, size, modified, tag] }
    }
}
