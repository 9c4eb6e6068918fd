//! The files of the project, as git knows them.

use std::fs;
use std::process::Command;

use tests::lab::root;

/// One text file.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path from the top of the project.
    pub path: String,
    /// All that is in it.
    pub text: String,
}

impl Source {
    /// Every text file that is in the repository, or would be after `git add`.
    pub fn all() -> Vec<Self> {
        let listed = Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard"])
            .current_dir(root())
            .output()
            .expect("git lists the files");
        assert!(listed.status.success(), "git: {}", String::from_utf8_lossy(&listed.stderr));
        let paths = String::from_utf8(listed.stdout).expect("paths in UTF-8");
        let found: Vec<Self> = paths.lines().filter_map(Self::read).collect();
        assert!(found.len() > 20, "only {} files", found.len());
        found
    }

    /// The file at this path.
    pub fn named(path: &str) -> Self {
        Self::read(path).unwrap_or_else(|| panic!("{path} is not there"))
    }

    /// What its name ends with, without the dot; for a script without an ending, `sh`.
    pub fn ending(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        match name.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() => ending,
            _ if self.text.starts_with("#!") => "sh",
            _ => "",
        }
    }

    /// Whether it stands under this folder.
    pub fn is_under(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }

    /// Whether it is only for tests, by its place.
    pub fn is_test(&self) -> bool {
        let mut parts = self.path.split('/');
        parts.any(|part| {
            ["tests", "benches", "examples", "fuzz"].contains(&part)
                || part.ends_with("tests.rs")
                || part.starts_with("test_")
        })
    }

    /// A complaint about one of its lines, counted from 1.
    pub fn complaint(&self, line: usize, text: &str) -> String {
        format!("{}:{line}: {text}", self.path)
    }

    fn read(path: &str) -> Option<Self> {
        let text = String::from_utf8(fs::read(root().join(path)).ok()?).ok()?;
        Some(Self { path: path.to_owned(), text })
    }
}
