//! Attachments: small, valid files that programs open.

use super::rng::Rng;

/// A file in a message.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) content_type: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// Draws an attachment; `word` goes into its name and `lines` are what a document says.
pub(super) fn draw_part(word: &str, lines: &[String], rng: &mut Rng) -> Part {
    let n = rng.range(1, 40);
    let (name, content_type, bytes) = match rng.below(10) {
        0..3 => (format!("{word}-{n}.png"), "image/png", png(rng)),
        3..5 => (format!("{word} {n}.pdf"), "application/pdf", pdf(lines)),
        5..7 => (format!("{word}_{n}.csv"), "text/csv", csv(rng)),
        7..9 => (format!("{word}.txt"), "text/plain", (lines.join("\n") + "\n").into_bytes()),
        _ => (
            format!("{word} v{n}.docx"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            docx(lines),
        ),
    };
    Part { name, content_type, bytes }
}

/// An 16 × 16 picture of a sea and a sky. The data are stored, not compressed, so that the bytes do not
/// depend on the version of a compressor.
pub(super) fn png(rng: &mut Rng) -> Vec<u8> {
    const SIDE: u8 = 16;
    let horizon = rng.range(5, 11);
    let (sky, sea) = (rng.range(0x90, 0xf0), rng.range(0x40, 0x90));
    let mut pixels = Vec::new();
    for y in 0..u64::from(SIDE) {
        pixels.push(0);
        for _ in 0..SIDE {
            let noise = rng.below(12);
            let colour = if y < horizon { [sky, sky + 8, 240] } else { [20, sea, sea + 30] };
            pixels.extend(colour.map(|c| u8::try_from(c + noise).unwrap_or(255)));
        }
    }
    let n = u16::try_from(pixels.len()).unwrap_or(0);
    let mut data = vec![0x78, 0x01, 1];
    data.extend_from_slice(&n.to_le_bytes());
    data.extend_from_slice(&(!n).to_le_bytes());
    data.extend_from_slice(&pixels);
    data.extend_from_slice(&adler32(&pixels).to_be_bytes());

    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let header = [0, 0, 0, SIDE, 0, 0, 0, SIDE, 8, 2, 0, 0, 0];
    for (kind, body) in [(b"IHDR", header.as_slice()), (b"IDAT", &data), (b"IEND", &[])] {
        out.extend_from_slice(&u32::try_from(body.len()).unwrap_or(0).to_be_bytes());
        let start = out.len();
        out.extend_from_slice(kind);
        out.extend_from_slice(body);
        let crc = crc32fast::hash(&out[start..]);
        out.extend_from_slice(&crc.to_be_bytes());
    }
    out
}

fn adler32(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1, 0);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    b << 16 | a
}

/// One page of text.
fn pdf(lines: &[String]) -> Vec<u8> {
    let mut content = "BT /F1 11 Tf 60 780 Td 14 TL\n".to_owned();
    for line in lines.iter().take(50) {
        let safe: String = line.chars().filter(|c| c.is_ascii() && !matches!(c, '(' | ')' | '\\')).collect();
        content.push_str(&format!("({safe}) Tj T*\n"));
    }
    content.push_str("ET\n");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}endstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    let mut table = "0000000000 65535 f \n".to_owned();
    for (idx, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", idx + 1));
    }
    let start = out.len();
    let n = objects.len() + 1;
    out.push_str(&format!(
        "xref\n0 {n}\n{table}trailer\n<< /Size {n} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    out.into_bytes()
}

fn csv(rng: &mut Rng) -> Vec<u8> {
    let mut out = "hour,wind_kn,gust_kn,pressure_hpa,swell_m\n".to_owned();
    for hour in 0..rng.range(6, 24) {
        let (wind, pressure) = (rng.range(2, 40), rng.range(960, 1035));
        let gust = wind + rng.below(20);
        out.push_str(&format!(
            "{hour:02}:00,{wind},{gust},{pressure}.{},0.{}\n",
            rng.below(10),
            rng.below(10)
        ));
    }
    out.into_bytes()
}

/// A word processor document: a zip of stored files.
fn docx(lines: &[String]) -> Vec<u8> {
    let escape = |line: &String| line.replace('&', "&amp;").replace('<', "&lt;");
    let paragraphs: String =
        lines.iter().map(|line| format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", escape(line))).collect();
    zip(&[
        (
            "[Content_Types].xml",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/\
             content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.\
             relationships+xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.\
             openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>"
                .to_owned(),
        ),
        (
            "_rels/.rels",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/\
             package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/\
             officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
                .to_owned(),
        ),
        (
            "word/document.xml",
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/\
                 wordprocessingml/2006/main\"><w:body>{paragraphs}</w:body></w:document>"
            ),
        ),
    ])
}

/// PKWARE APPNOTE 4.3: local headers, central directory, end record; method 0, date 1 January 1980.
fn zip(files: &[(&str, String)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let offset = u32::try_from(out.len()).unwrap_or(0);
        let size = u32::try_from(text.len()).unwrap_or(0).to_le_bytes();
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        common.extend_from_slice(&crc32fast::hash(text.as_bytes()).to_le_bytes());
        common.extend_from_slice(&size);
        common.extend_from_slice(&size);
        common.extend_from_slice(&u16::try_from(name.len()).unwrap_or(0).to_le_bytes());
        common.extend_from_slice(&[0, 0]);

        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&common);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(text.as_bytes());

        directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        directory.extend_from_slice(&common);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let start = u32::try_from(out.len()).unwrap_or(0);
    let n = u16::try_from(files.len()).unwrap_or(0).to_le_bytes();
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&n);
    out.extend_from_slice(&n);
    out.extend_from_slice(&u32::try_from(directory.len()).unwrap_or(0).to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}
