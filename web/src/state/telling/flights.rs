//! The flights of a run with what became of them later: dropped, delayed, edited.

use std::collections::BTreeMap;

use world::{Act, EntryId, Fate, Fault, Flight, FlightId, LossCause, Trace, What};

/// A flight, where it departed, and what the student did to it.
#[derive(Clone, PartialEq, Debug)]
pub struct Passage {
    /// The flight as it is now.
    pub flight: Flight,
    /// The entry in which it departed.
    pub entry: EntryId,
    /// Why it is lost, if it is.
    pub lost: Option<LossCause>,
    /// The bytes that arrive in the place of its own.
    pub edited: Option<Vec<u8>>,
}

/// Every flight of a run by its number.
#[derive(Clone, Debug, Default)]
pub struct Flown {
    by_id: BTreeMap<FlightId, Passage>,
}

impl Flown {
    /// Takes the flights out of the entries.
    pub fn of(trace: &Trace) -> Flown {
        let mut flown = Flown::default();
        for entry in trace.entries {
            if let What::Meddling(Act::Flight { flight, fault }) = &entry.what {
                flown.meddle(*flight, fault);
            }
            for flight in &entry.flights {
                let lost = match flight.fate {
                    Fate::Arrives => None,
                    Fate::Lost { why, .. } => Some(why),
                };
                let passage =
                    Passage { flight: flight.clone(), entry: entry.id, lost, edited: None };
                flown.by_id.insert(flight.id, passage);
            }
        }
        flown
    }

    /// A flight with its passage.
    pub fn passage(&self, id: FlightId) -> Option<&Passage> {
        self.by_id.get(&id)
    }

    /// A flight.
    pub fn flight(&self, id: FlightId) -> Option<&Flight> {
        self.by_id.get(&id).map(|passage| &passage.flight)
    }

    /// Every flight in the order of departure.
    pub fn all(&self) -> impl Iterator<Item = &Passage> {
        self.by_id.values()
    }

    fn meddle(&mut self, id: FlightId, fault: &Fault) {
        let Some(passage) = self.by_id.get_mut(&id) else { return };
        match fault {
            Fault::Drop => passage.lost = Some(LossCause::Dropped),
            Fault::Delay(by) => passage.flight.arrive = passage.flight.arrive + *by,
            Fault::Double => {}
            Fault::Edit(bytes) => passage.edited = Some(bytes.clone()),
        }
    }
}

impl Passage {
    /// What arrives: the payload, or what was put in its place.
    pub fn payload(&self) -> &[u8] {
        self.edited.as_deref().unwrap_or(self.flight.load.payload())
    }
}
