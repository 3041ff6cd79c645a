use super::*;
use crate::format::block::SectionId;
use crate::format::frame::tests::section;
use crate::format::zstd::Decoder;

#[test]
fn places_lead_to_html_or_to_none() {
    let texts = [(0, "<p>a</p>".to_owned()), (2, String::new()), (5, "<b>ü</b>".to_owned())];
    let (root, resident) = section(SectionId::Html, &[(6, html_content(&texts))]);
    let decoder = Decoder::new(&[]).expect("none is needed");
    let frames = Frames { resident: &resident, root: &root, section: SectionId::Html, decoder: &decoder };
    for place in 0..6 {
        let expected = texts.iter().find(|(own, _)| *own == place).map(|(_, text)| text.clone());
        assert_eq!(read_html(&frames, place), Ok(expected));
    }
}
