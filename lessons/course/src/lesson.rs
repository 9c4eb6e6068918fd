//! What a lesson is made of, as the reader finds it in a file and the page shows it.

use std::collections::BTreeSet;

use crate::measure::{Expr, Measure, Pattern};
use crate::prose::Prose;
use crate::reader::{LessonError, read_lesson};
use crate::stages::{Family, Params};

/// A lesson: a title, a stage to play on, and scenes to play there.
#[derive(Clone, PartialEq, Debug)]
pub struct Lesson {
    /// Its short name, unique in the catalogue and used in addresses: `http-connections`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The part of the course that it belongs to, counted from 0.
    pub part: u32,
    /// Its place in that part, counted from 1.
    pub order: u32,
    /// What it is about, in a sentence or two.
    pub summary: String,
    /// How many minutes a student should plan for it.
    pub minutes: u32,
    /// Its scenes; there is at least one.
    pub scenes: Vec<Scene>,
}

/// A scene of a lesson. Each scene has a run of its own, so that any scene can be opened first.
#[derive(Clone, PartialEq, Debug)]
pub struct Scene {
    /// Its title, which says something.
    pub title: String,
    /// What the scene starts from.
    pub opening: Opening,
    /// Its prose and everything in it, in order.
    pub blocks: Vec<Block>,
    /// What a student who knows everything would do: with it every goal is reached.
    pub answer: Vec<Act>,
}

/// What a scene starts from: the lesson's front matter with the scene's own `scene` block over it.
#[derive(Clone, PartialEq, Debug)]
pub struct Opening {
    /// The name of its stage.
    pub stage: String,
    /// The parameters of its stage, complete.
    pub params: Params,
    /// The seed of its random numbers.
    pub seed: u64,
    /// What has happened already when the student comes.
    pub before: Vec<Order>,
    /// What the page shows beside the prose; views come one at a time.
    pub shows: Vec<Panel>,
    /// What `measured` means here, if anything.
    pub measure: Option<Measure>,
}

/// One part of a scene.
#[derive(Clone, PartialEq, Debug)]
pub enum Block {
    /// Something to read.
    Prose(Prose),
    /// Something to do by pressing a button.
    Cue(Cue),
    /// Something to turn.
    Knob(Knob),
    /// Something to reach.
    Goal(Goal),
    /// Something to answer.
    Question(Question),
    /// Something to calculate and to compare with what is measured.
    Formula(Formula),
    /// Something to look at.
    Look(Look),
    /// Something to break.
    Break(Break),
}

/// A button that gives commands to hosts.
#[derive(Clone, PartialEq, Debug)]
pub struct Cue {
    /// Its name in this scene.
    pub id: String,
    /// What stands on the button.
    pub label: String,
    /// The commands, in order; there is at least one.
    pub orders: Vec<Order>,
    /// The settings with which it is offered; none for all.
    pub only: Vec<Setting>,
}

/// One command to one host.
#[derive(Clone, PartialEq, Debug)]
pub struct Order {
    /// The host's name; or `wait`, to let time pass.
    pub host: String,
    /// How long to wait, or the command in the text form that its endpoint reads; or `switch off`
    /// or `switch on`, which is done to the host.
    pub command: String,
    /// Whether it is given at the same moment as the one before; otherwise once the network has
    /// come to rest.
    pub together: bool,
}

/// A parameter of the stage that the student may turn. Turning it starts a new run.
#[derive(Clone, PartialEq, Debug)]
pub struct Knob {
    /// The parameter's name.
    pub param: String,
    /// What stands beside it.
    pub label: String,
    /// Where it can be turned to.
    pub range: Range,
}

/// Where a knob can be turned to.
#[derive(Clone, PartialEq, Debug)]
pub enum Range {
    /// To numbers, in base units, by steps.
    Numbers {
        /// The smallest.
        least: f64,
        /// The largest.
        most: f64,
        /// From one to the next.
        step: f64,
    },
    /// To one of several words.
    Words(Vec<String>),
}

/// Something to reach.
#[derive(Clone, PartialEq, Debug)]
pub struct Goal {
    /// Its name in this scene.
    pub id: String,
    /// What to reach, as a sentence.
    pub says: String,
    /// What must hold, all of it.
    pub holds: Vec<Expr>,
}

/// A question that the machine judges.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// Its name in this scene.
    pub id: String,
    /// The question.
    pub asks: String,
    /// The moment at which the run waits for the answer.
    pub moment: Moment,
    /// Settings under which it is judged, over those of the knobs.
    pub with: Vec<Setting>,
    /// The label of the break that happens in the run in which it is judged, if one does.
    pub breaks: Option<String>,
    /// What kind of answer it wants.
    pub kind: Kind,
    /// The id of the rule that decides it, shown with an answer that is wrong.
    pub rule: Option<String>,
    /// What is worth knowing once it is answered, whatever the answer was.
    pub after: Option<Prose>,
}

/// A moment of a scene's run.
#[derive(Clone, PartialEq, Debug)]
pub enum Moment {
    /// Before the student has done anything: a prediction.
    Start,
    /// When this host has sent the last byte of a message with such a title.
    Sent(Sight),
}

/// A message to look for.
#[derive(Clone, PartialEq, Debug)]
pub struct Sight {
    /// The name of the host that sends it.
    pub host: String,
    /// What its title fits.
    pub title: Pattern,
}

/// What kind of answer a question wants.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// One of several options.
    Choice(Vec<Choice>),
    /// A message, written by the student.
    Typed(Typed),
    /// A number.
    Number(Estimate),
}

/// An option of a question: a label, and a claim that the machine can judge.
#[derive(Clone, PartialEq, Debug)]
pub struct Choice {
    /// What it says.
    pub label: String,
    /// What it claims.
    pub claim: Claim,
    /// What the author says where it is wrong; none where the machine's words will do.
    pub no: Option<String>,
}

/// What an option claims. None is marked right or wrong in the file: the machine finds out.
#[derive(Clone, PartialEq, Debug)]
pub enum Claim {
    /// That this host may send these bytes next.
    Sends {
        /// The host's name.
        host: String,
        /// The bytes of the message.
        bytes: Vec<u8>,
    },
    /// That this holds once the run has gone on to its end.
    Holds(Expr),
}

/// A message for the student to write.
#[derive(Clone, PartialEq, Debug)]
pub struct Typed {
    /// The host that would send it.
    pub host: String,
    /// What stands in the box at first.
    pub starts: String,
    /// What must hold once the host has sent it and the run has gone on to its end.
    pub holds: Vec<Expr>,
}

/// A number for the student to predict.
#[derive(Clone, PartialEq, Debug)]
pub struct Estimate {
    /// What is measured once the scene's cues have been played.
    pub value: Expr,
    /// The unit in which the student answers.
    pub unit: String,
    /// How far off an answer may be and still count, as a share of what is measured.
    pub within: f64,
}

/// A formula, shown beside what is measured.
#[derive(Clone, PartialEq, Debug)]
pub struct Formula {
    /// What it gives, such as `n objects in series`.
    pub name: String,
    /// What it says in words, if that helps.
    pub says: Option<String>,
    /// The formula.
    pub is: Expr,
    /// What it is to be compared with; `measured` unless the file says otherwise.
    pub beside: Expr,
    /// What that is, in words.
    pub measures: Option<String>,
    /// The unit in which both are shown; empty for the one that suits.
    pub unit: String,
    /// The settings for which it holds: a parameter and its word. Empty for any.
    pub only: Vec<Setting>,
}

/// A parameter and what it is set to, as text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// The parameter's name.
    pub param: String,
    /// Its value as written.
    pub value: String,
}

/// Something to look at.
#[derive(Clone, PartialEq, Debug)]
pub struct Look {
    /// What stands on the button.
    pub label: String,
    /// What to open.
    pub panel: Panel,
    /// Which message to select, if any.
    pub sight: Option<Sight>,
    /// Which host to select, if any: its memory is what the State panel shows.
    pub host: Option<String>,
}

/// Something to break.
#[derive(Clone, PartialEq, Debug)]
pub struct Break {
    /// What stands on the button.
    pub label: String,
    /// What to do to the message.
    pub fault: Fault,
    /// Which message: the first of such a title.
    pub sight: Sight,
}

/// What can be done to a message in flight.
#[derive(Clone, PartialEq, Debug)]
pub enum Fault {
    /// It does not arrive.
    Drop,
    /// It arrives later, by this many seconds.
    Delay(f64),
    /// It arrives twice.
    Double,
    /// Its first bytes like these are others when it arrives.
    Edit {
        /// What to look for in the message; nothing stands for any byte.
        from: Vec<Option<u8>>,
        /// What to put there.
        to: Vec<u8>,
    },
    /// A host is switched off while it is on its way.
    SwitchOff {
        /// The host's name.
        host: String,
    },
}

/// A part of the page.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Panel {
    /// The ladder of messages.
    Ladder,
    /// The map of hosts and links.
    Map,
    /// The inspector's fields and bytes.
    Message,
    /// The inspector's charts and tables.
    State,
    /// The inspector's causes and rules.
    Why,
    /// The run as text.
    Text,
    /// The bar with the clock.
    Time,
}

/// One thing that the model answer does.
#[derive(Clone, PartialEq, Debug)]
pub enum Act {
    /// Press the button of this cue.
    Cue(String),
    /// Give a command of one's own.
    Order(Order),
    /// Turn a knob; the run starts anew.
    Turn(Setting),
    /// Break what the `break` block of this label breaks, in the run so far.
    Break(String),
    /// Answer a question.
    Reply {
        /// The question's id.
        question: String,
        /// The answer: an option's label, a number with its unit, or a message.
        text: String,
    },
}

impl Lesson {
    /// Reads a lesson file.
    ///
    /// # Errors
    /// The first thing in the file that is not right: where it is, what was found, and what would
    /// be right.
    pub fn read(text: &str) -> Result<Lesson, LessonError> {
        read_lesson(text)
    }

    /// The scene with this number, counted from 0.
    pub fn scene(&self, index: usize) -> Option<&Scene> {
        self.scenes.get(index)
    }

    /// The families of the stages that its scenes play on: whose machines must have arrived.
    pub fn families(&self) -> BTreeSet<Family> {
        self.scenes.iter().filter_map(|scene| Family::of(&scene.opening.stage)).collect()
    }
}

impl Scene {
    /// The scene's cues in order.
    pub fn cues(&self) -> impl Iterator<Item = &Cue> {
        self.blocks.iter().filter_map(
            |block| {
                if let Block::Cue(cue) = block { Some(cue) } else { None }
            },
        )
    }

    /// The scene's knobs in order.
    pub fn knobs(&self) -> impl Iterator<Item = &Knob> {
        self.blocks.iter().filter_map(
            |block| {
                if let Block::Knob(knob) = block { Some(knob) } else { None }
            },
        )
    }

    /// The scene's goals in order.
    pub fn goals(&self) -> impl Iterator<Item = &Goal> {
        self.blocks.iter().filter_map(
            |block| {
                if let Block::Goal(goal) = block { Some(goal) } else { None }
            },
        )
    }

    /// The scene's formulas in order.
    pub fn formulas(&self) -> impl Iterator<Item = &Formula> {
        self.blocks.iter().filter_map(|block| {
            if let Block::Formula(formula) = block { Some(formula) } else { None }
        })
    }

    /// The scene's questions in order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.blocks.iter().filter_map(|block| {
            if let Block::Question(question) = block { Some(question) } else { None }
        })
    }

    /// The scene's suggestions of what to break, in order.
    pub fn breaks(&self) -> impl Iterator<Item = &Break> {
        self.blocks.iter().filter_map(|block| {
            if let Block::Break(suggestion) = block { Some(suggestion) } else { None }
        })
    }

    /// The scene's prose in order.
    pub fn prose(&self) -> impl Iterator<Item = &Prose> {
        self.blocks
            .iter()
            .filter_map(|block| if let Block::Prose(prose) = block { Some(prose) } else { None })
    }
}

impl Panel {
    /// The panel of this name in lesson files.
    pub fn named(name: &str) -> Option<Panel> {
        PANELS.iter().find(|(known, _)| *known == name).map(|(_, panel)| *panel)
    }
}

/// The panels by their names in lesson files.
pub(crate) const PANELS: &[(&str, Panel)] = &[
    ("ladder", Panel::Ladder),
    ("map", Panel::Map),
    ("message", Panel::Message),
    ("state", Panel::State),
    ("why", Panel::Why),
    ("text", Panel::Text),
    ("time", Panel::Time),
];
