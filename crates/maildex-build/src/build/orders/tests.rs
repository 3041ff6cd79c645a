use super::*;

fn orders(heads: &[(&str, &str, &str)]) -> Orders {
    let mut collector = Collector::default();
    for (name, address, subject) in heads {
        collector.add(&Head {
            sender: ((*name).into(), (*address).into()),
            subject: (*subject).into(),
            ..Head::default()
        });
    }
    collector.finish()
}

#[test]
fn subjects_rank_without_their_marks() {
    let heads = ["Re: storm", "", "Éclair", "storm", "FW:", "budget"].map(|subject| ("", "", subject));
    assert_eq!(orders(&heads).subject, [3, 0, 2, 3, 0, 1]);
    assert_eq!(orders(&[("", "", "b"), ("", "", "a")]).subject, [2, 1]);
    assert_eq!(orders(&[]).subject, [0; 0]);
}

#[test]
fn an_address_is_one_person_under_the_name_used_most() {
    let orders = orders(&[
        ("Zoe Acme", "zoe@acme.example", ""),
        ("", "", ""),
        ("Zoe", "ZOE@acme.example", ""),
        ("Bob", "bob@acme.example", ""),
        ("", "zoe@acme.example", ""),
        ("Zoe Acme", "zoe@acme.example", ""),
        ("bob", "", ""),
        ("Bob", "", ""),
    ]);
    let [zoe, none, zoe_2, bob, zoe_3, zoe_4, named, named_2] = orders.sender[..] else {
        panic!("eight messages")
    };
    assert!(zoe == zoe_2 && zoe == zoe_3 && zoe == zoe_4 && none == 0);
    assert!(named == named_2 && named < bob && bob < zoe, "{:?}", orders.sender);
    let people = String::from_utf8_lossy(&orders.people).into_owned();
    assert!(people.contains("Zoe Acme") && !people.contains("ZOE"), "{people}");
}
