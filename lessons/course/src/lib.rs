//! The lessons: prose, stages, goals and the judge of answers.
