use super::*;
use crate::format::block::{Section, push_fixed};

fn resident(payload: &[u8]) -> Resident {
    let mut framed = Vec::new();
    payload.chunks(BLOCK).for_each(|block| push_fixed(&mut framed, block));
    let length = framed.len() as u64;
    let section = Section { id: SectionId::People, start: 0, length, payload: BLOCK as u32 };
    let mut resident = Resident::new(&[section]);
    resident.put(0, &framed).unwrap();
    resident
}

fn sender(name: &str, address: &str) -> Sender {
    Sender { name: name.into(), address: address.into() }
}

#[test]
fn every_sender_is_read_back() {
    let senders: Vec<Sender> =
        (0..500).map(|i| sender(&"n".repeat(i % 90), &format!("{i}@quay.example"))).collect();
    let (payload, numbers) = write_people(&senders);
    assert!(numbers.is_sorted() && numbers[0] > 0);
    let resident = resident(&payload);
    for (sender, number) in senders.iter().zip(numbers) {
        assert_eq!(&read_sender(&resident, number).unwrap(), sender);
    }
    assert_eq!(read_sender(&resident, 0).unwrap(), Sender::default());
}

#[test]
fn the_longest_are_cut_to_fit_a_block() {
    let (payload, numbers) =
        write_people(&vec![sender(&"\u{1f642}".repeat(999), &"\u{1f642}".repeat(999)); 3]);
    let resident = resident(&payload);
    for number in numbers {
        let read = read_sender(&resident, number).unwrap();
        assert_eq!((read.name.chars().count(), read.address.chars().count()), (MAX_NAME, MAX_ADDRESS));
    }
}

#[test]
fn numbers_that_lead_nowhere_are_errors() {
    let resident = resident(&write_people(&[sender("Amy", "amy@acme.example")]).0);
    for number in [4, 127, 128, 1 << 20, u32::MAX] {
        assert!(read_sender(&resident, number).is_err(), "{number}");
    }
}

#[test]
fn names_are_in_order_as_they_are_read() {
    let key = |name: &str, address: &str| sender(name, address).sort_key();
    assert!(key("\"amy\"", "z@x.example") < key("Bob", "a@x.example"));
    assert!(key("", "amy@acme.example") < key("Bob", "b@acme.example"));
    assert!(key("Ängström", "a@x.example") < key("Bob", ""));
}
