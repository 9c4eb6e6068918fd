//! The resource tree: PUT, DELETE, and POST to the collection (RFC 9110 section 9.3).

use std::sync::Arc;

use super::answer::{HTML, precondition_failed};
use super::conditions::{Condition, weigh};
use super::{Answer, Asked, Document, Resource, Site, form};
use crate::http::policy_rules as rules;

impl Site {
    /// Whether a path is the tree's collection or lies under it.
    pub(super) fn in_tree(&self, path: &str) -> bool {
        self.tree.as_deref().is_some_and(|tree| path.starts_with(tree))
    }

    /// Carries out PUT, DELETE or POST in the tree, if the request's conditions hold.
    pub(super) fn change_tree(&mut self, asked: &Asked<'_>) -> Answer {
        let current = match self.resources.get(asked.path) {
            Some(Resource::Document(document)) => Some(document),
            _ => None,
        };
        let exists = current.is_some();
        match weigh(asked.method, asked.fields, current) {
            Condition::Holds => {}
            Condition::NotModified(_) | Condition::Failed => return precondition_failed(),
        }
        match asked.method {
            "DELETE" if exists => {
                Arc::make_mut(&mut self.resources).remove(asked.path);
                Answer::bare(204, &rules::DELETE_DONE)
            }
            "DELETE" => {
                let says = format!("There is nothing at {} to delete.", asked.path);
                Answer::error(404, &rules::NOT_FOUND, &says)
            }
            "PUT" => self.put(asked, exists),
            _ => self.add(asked),
        }
    }

    /// The collection as a page of links.
    pub(super) fn list_tree(&self, tree: &str) -> Answer {
        let mut page = String::from(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Notes</title></head><body>\n\
             <h1>Notes</h1>\n<ul>\n",
        );
        for path in self.resources.keys().filter(|path| path.starts_with(tree)) {
            let path = form::escaped(path);
            page += &format!("<li><a href=\"{path}\">{path}</a></li>\n");
        }
        page += "</ul>\n</body></html>\n";
        Answer::bare(200, &rules::STATUS_OK).content(HTML, page).field("Cache-Control", "no-cache")
    }

    fn put(&mut self, asked: &Asked<'_>, exists: bool) -> Answer {
        let replaced = match self.resources.get(asked.path) {
            Some(Resource::Document(document)) => document.content().len(),
            _ => 0,
        };
        if (!exists && self.tree_is_full())
            || self.tree_bytes() - replaced + asked.body.len() > MAX_TREE_BYTES
        {
            return full();
        }
        let document = document(asked);
        let tag = document.entity_tag().unwrap_or_default();
        let resource = Resource::Document(document);
        Arc::make_mut(&mut self.resources).insert(asked.path.to_string(), resource);
        match exists {
            true => Answer::bare(204, &rules::PUT_REPLACED),
            false => Answer::bare(201, &rules::PUT_CREATED).content("text/plain", "Created.\n"),
        }
        .field("ETag", tag)
    }

    /// POST to the collection: the server chooses the name.
    fn add(&mut self, asked: &Asked<'_>) -> Answer {
        if self.tree_is_full() || self.tree_bytes() + asked.body.len() > MAX_TREE_BYTES {
            return full();
        }
        let path = loop {
            self.added += 1;
            let path = format!("{}{}", asked.path, self.added);
            if !self.resources.contains_key(&path) {
                break path;
            }
        };
        let resource = Resource::Document(document(asked));
        Arc::make_mut(&mut self.resources).insert(path.clone(), resource);
        Answer::bare(201, &rules::POST_PROCESSED)
            .content("text/plain", "Created.\n")
            .field("Location", path)
    }

    fn tree_bytes(&self) -> usize {
        let in_tree = self.resources.iter().filter(|(path, _)| self.in_tree(path));
        let bytes = in_tree.map(|(_, resource)| match resource {
            Resource::Document(document) => document.content().len(),
            _ => 0,
        });
        bytes.sum()
    }

    fn tree_is_full(&self) -> bool {
        self.resources.keys().filter(|path| self.in_tree(path)).count() >= MAX_TREE_DOCUMENTS
    }
}

fn document(asked: &Asked<'_>) -> Document {
    let media_type = asked.fields.first("Content-Type").unwrap_or("application/octet-stream");
    Document::new(media_type, asked.body.clone(), asked.now).cached("no-cache")
}

fn full() -> Answer {
    Answer::error(507, &rules::SERVER_ERROR, "The tree is full; delete something first.")
}

/// The most documents in the tree: strangers may PUT there, and memory is finite.
pub const MAX_TREE_DOCUMENTS: usize = 200;

/// The most bytes in them together: each may be as large as a request, and they are kept for ever.
const MAX_TREE_BYTES: usize = 16 << 20;
