//! What a student has done, to be kept and taken up again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::catalogue::Aims;
use crate::lesson::{Lesson, Scene};

/// What a student has done in all lessons.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Progress {
    /// By lesson id and number of the scene, counted from 0.
    scenes: BTreeMap<String, BTreeMap<u32, SceneProgress>>,
}

/// What a student has done in one scene. A goal once reached stays reached.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SceneProgress {
    /// The ids of the goals that were reached.
    pub goals: BTreeSet<String>,
    /// The ids of the questions that were answered rightly.
    pub answered: BTreeSet<String>,
    /// The ids of the questions that were answered at all.
    pub tried: BTreeSet<String>,
}

impl Progress {
    /// What was done in a scene.
    pub fn scene(&self, lesson: &str, scene: usize) -> SceneProgress {
        let number = u32::try_from(scene).unwrap_or(u32::MAX);
        let found = self.scenes.get(lesson).and_then(|scenes| scenes.get(&number));
        found.cloned().unwrap_or_default()
    }

    /// The same, to be changed.
    pub fn scene_mut(&mut self, lesson: &str, scene: usize) -> &mut SceneProgress {
        let number = u32::try_from(scene).unwrap_or(u32::MAX);
        self.scenes.entry(lesson.to_string()).or_default().entry(number).or_default()
    }

    /// How many of a lesson's scenes are done.
    pub fn done(&self, lesson: &Lesson) -> usize {
        let scenes = lesson.scenes.iter().enumerate();
        scenes.filter(|(index, scene)| self.scene(&lesson.id, *index).done(scene)).count()
    }
}

impl SceneProgress {
    /// Whether every goal of the scene is reached and every question answered rightly.
    pub fn done(&self, scene: &Scene) -> bool {
        scene.goals().all(|goal| self.goals.contains(&goal.id))
            && scene.questions().all(|question| self.answered.contains(&question.id))
    }

    /// The same, of a scene that is only known by what is to be done in it.
    pub fn reaches(&self, aims: &Aims) -> bool {
        aims.goals.iter().all(|goal| self.goals.contains(*goal))
            && aims.questions.iter().all(|question| self.answered.contains(*question))
    }

    /// Whether anything was reached or tried.
    pub fn is_begun(&self) -> bool {
        !self.goals.is_empty() || !self.tried.is_empty()
    }
}
