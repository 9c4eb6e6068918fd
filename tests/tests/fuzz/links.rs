//! Links that carry a run: anybody may send a student one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bolero::check;
use world::Shared;

use crate::damage::Damage;

#[test]
fn a_damaged_link_is_read_or_refused() {
    let link = Shared { lesson: "http".into(), seed: 7, moment: 3, ..Shared::default() }.encode();
    check!().with_type::<Damage>().for_each(|damage| {
        let text = damage.text_of(&[&link], &["A", "_", "=", " ", "\n", "é"]);
        let _ = Shared::decode(&text);
    });
}

#[test]
fn a_link_that_is_read_is_written_as_it_was() {
    check!().for_each(|bytes: &[u8]| {
        // What a stranger packs is not deflated here: the first byte is the version, and then a
        // stored block keeps the bytes as they are, so that chance reaches the reader behind it.
        let length = u16::try_from(bytes.len().min(60_000)).expect("at most 60 000");
        let mut packed = vec![1, 1];
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(&bytes[..usize::from(length)]);
        if let Ok(shared) = Shared::decode(&URL_SAFE_NO_PAD.encode(packed)) {
            assert_eq!(Shared::decode(&shared.encode()), Ok(shared));
        }
    });
}
