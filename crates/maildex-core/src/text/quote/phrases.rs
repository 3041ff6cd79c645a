//! The words by which mail programs of many languages introduce a quotation.

use crate::text::lower;

/// A header that matters to a quoted block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeaderName {
    From,
    DateOrSubject,
    Other,
}

const FROM: &str = "\
    From|Von|De|Da|Van|Od|Från|Fra|От|Expéditeur|Lähettäjä|Feladó|Kimden|发件人|寄件者|差出人|보낸 사람\
    ";

const DATE_OR_SUBJECT: &str = "\
    Sent|Date|Subject|Gesendet|Datum|Betreff|Envoyé|Envoyé le|Objet|Enviado|Enviado el|Enviada em|Fecha|\
    Data|Asunto|Assunto|Inviato|Oggetto|Verzonden|Onderwerp|Skickat|Ämne|Sendt|Emne|Wysłano|Temat|\
    Odesláno|Předmět|Дата|Отправлено|Тема|Lähetetty|Aihe|发送时间|日期|主题|主旨|送信日時|件名|보낸 날짜|제목\
    ";

const OTHER: &str = "\
    To|Cc|Bcc|Reply-To|Importance|Attachments|An|Kopie|À|A|Para|Per|Aan|Till|Til|Do|Komu|Кому|Копия|\
    Vastaanottaja|收件人|抄送|宛先|받는 사람|参照|Organization\
    ";

const MAX_NAME: usize = 32;

/// The header that a line of a quoted block starts with, in any of the languages; `*From:*` is how rich text prints.
pub(super) fn header_name(line: &str) -> Option<HeaderName> {
    let line = line.trim_start_matches([' ', '\t', '*', '\u{feff}']);
    // No name is longer; the full-width colon of Chinese and Japanese starts with 0xEF.
    let start = line.as_bytes().get(..MAX_NAME).unwrap_or(line.as_bytes());
    let end = start.iter().position(|&byte| byte == b':' || byte == 0xef)?;
    if !line[end..].starts_with([':', '：']) {
        return None;
    }
    let name = line[..end].trim_end_matches([' ', '*', '\u{a0}']);
    let among = |names: &str| names.split('|').any(|other| other.eq_ignore_ascii_case(name));
    if among(FROM) {
        Some(HeaderName::From)
    } else if among(DATE_OR_SUBJECT) {
        Some(HeaderName::DateOrSubject)
    } else {
        among(OTHER).then_some(HeaderName::Other)
    }
}

const DIVIDERS: &str = "\
    original message|original appointment|original-nachricht|originalnachricht|original text|\
    ursprüngliche nachricht|weitergeleitete nachricht|message d'origine|message d’origine|\
    message original|message transféré|mensaje original|mensaje reenviado|mensagem original|\
    mensagem encaminhada|messaggio originale|messaggio inoltrato|oorspronkelijk bericht|\
    doorgestuurd bericht|forwarded message|forwarded by|forwarded from|forwarded text|\
    begin forwarded message|start of forwarded message|reply message|replied message|reply separator|\
    ursprungligt meddelande|vidarebefordrat meddelande|oprindelig meddelelse|opprinnelig melding|\
    alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna|původní zpráva|eredeti üzenet|\
    исходное сообщение|пересылаемое сообщение|orijinal mesaj|原始邮件|转发邮件|転送メッセージ\
    ";

/// Whether everything below this line is quoted: `-----Original Message-----`, `Begin forwarded message:`.
pub(super) fn is_divider(line: &str) -> bool {
    let Some(bare) = behind_rule(line) else { return is_begin_forwarded(line) };
    let end = bare.char_indices().nth(40).map_or(bare.len(), |(end, _)| end);
    let start = lower(&bare[..end]);
    DIVIDERS.split('|').any(|divider| start.starts_with(divider))
}

/// What stands behind two or more dashes, underscores, equal signs or stars.
fn behind_rule(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches(['-', '_', '=', ' ', '*']);
    let rule = &line[..line.len() - bare.len()];
    (rule.bytes().filter(|&byte| byte != b' ').count() >= 2).then_some(bare)
}

/// Apple Mail's line, and its translations, stand without dashes.
fn is_begin_forwarded(line: &str) -> bool {
    const LINES: &str = "\
        begin forwarded message:|anfang der weitergeleiteten nachricht:|début du message réexpédié :|\
        début du message transféré :|inicio del mensaje reenviado:|inizio messaggio inoltrato:|\
        begin doorgestuurd bericht:|転送されたメッセージ:|начало переадресованного сообщения:\
        ";
    let line = line.trim_ascii();
    matches!(line.as_bytes().first(), Some(b'B' | b'b' | b'A' | b'D' | b'I' | 0x80..))
        && line.ends_with(':')
        && line.len() < 80
        && LINES.split('|').any(|own| own == lower(line))
}

/// Whether a quotation that a divider began ends here.
pub(super) fn is_end_divider(line: &str) -> bool {
    let Some(bare) = behind_rule(line) else { return false };
    let Some(("end" | "End" | "END", rest)) = bare.split_once(' ') else { return false };
    let rest = rest.trim_start_matches("of ").as_bytes();
    [&b"forwarded"[..], b"original", b"quoted", b"included"]
        .iter()
        .any(|what| rest.get(..what.len()).is_some_and(|start| start.eq_ignore_ascii_case(what)))
}

/// Verbs of an attribution.
const VERBS: &str = "\
    wrote|writes|said|says|schrieb|schreibt|écrit|ecrit|escribió|escribio|escribe|scrisse|scritto|\
    schreef|skrev|napisał|napisal|napisała|napsal|napsala|пишет|написал|написала|писал|kirjoitti|\
    escreveu|yazdı|írta|写道|寫道|書きました|작성\
    ";

/// Whether lines that have been joined introduce a quotation: a verb of saying, and a colon at the end.
pub(super) fn is_attribution(text: &str) -> bool {
    let text = text.trim_ascii_end();
    let Some(text) = text.strip_suffix([':', '：']) else { return false };
    if text.len() > 400 {
        return false;
    }
    if text.starts_with("Quoting ") {
        return true;
    }
    let spaced = text.split(|c: char| !c.is_alphanumeric());
    spaced.filter(|word| !word.is_empty()).any(|word| {
        VERBS.split('|').any(|verb| verb.eq_ignore_ascii_case(word))
            // Languages without spaces: the verb ends the line.
            || VERBS.split('|').any(|verb| verb.len() > 5 && !verb.is_ascii() && word.ends_with(verb))
    })
}

/// Whether a line starts as attributions do: `On `, `Am `, `Le `, a date, an address.
pub(super) fn opens_attribution(line: &str) -> bool {
    const OPENERS: &str = "\
        On |At |In |Am |Le |El |Il |Op |Em |Den |Dne |Dnia |W dniu |Quoting |Thus |Also |Begin |\
        Il giorno |På |Vào |Pada |В |在 |于 \
        ";
    OPENERS.split('|').any(|opener| line.starts_with(opener))
        || line.starts_with(|c: char| c.is_ascii_digit() || c == '<')
}
