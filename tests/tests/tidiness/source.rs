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
    /// Whether a parent includes it only for tests, as `#[cfg(test)] mod x;`.
    pub included_for_tests: bool,
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
        let mut found: Vec<Self> = paths.lines().filter_map(Self::read).collect();
        let for_tests: Vec<String> = found.iter().flat_map(Self::modules_for_tests).collect();
        for source in &mut found {
            let stem = source.path.trim_end_matches(".rs");
            source.included_for_tests = for_tests
                .iter()
                .any(|module| stem == module || source.path.starts_with(&format!("{module}/")));
        }
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

    /// Whether it is only for tests, by its place or by how it is included.
    pub fn is_test(&self) -> bool {
        if self.included_for_tests {
            return true;
        }
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

    /// The paths, without `.rs`, of the modules that this file includes only for tests.
    fn modules_for_tests(&self) -> Vec<String> {
        let (folder, name) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        let home = match name {
            "mod.rs" | "lib.rs" | "main.rs" => folder.to_owned(),
            other => format!("{folder}/{}", other.trim_end_matches(".rs")),
        };
        let lines: Vec<&str> = self.text.lines().map(str::trim).collect();
        let included = lines.windows(2).filter(|pair| pair[0] == "#[cfg(test)]");
        let named = included.filter_map(|pair| pair[1].rsplit_once("mod ")?.1.strip_suffix(';'));
        named.map(|module| format!("{home}/{module}")).collect()
    }

    fn read(path: &str) -> Option<Self> {
        let text = String::from_utf8(fs::read(root().join(path)).ok()?).ok()?;
        Some(Self { path: path.to_owned(), text, included_for_tests: false })
    }
}
