//! The full engine's answers as JSON, in the shapes of `www/src/shared/engine.ts`.

use crate::json::Json;
use crate::reply::key_text;
use maildex_core::format::kept::KeptFile;
use maildex_core::query::{Field, Query};
use maildex_core::{Absent, Batch, Corrections, Correspondence, Counts, Explained, Facets, Occurrence};
use maildex_core::{SuggestionKind, Suggestions, Tie};

/// What a search reads at most, and whether messages are read for it.
pub(crate) fn weight(json: &mut Json, bytes: u64, reads_messages: bool) {
    json.object(|json| {
        json.key("bytes").number(bytes as i64);
        json.key("readsMessages").truth(reads_messages);
    });
}

/// Ways to go on with a query.
pub(crate) fn suggestions(json: &mut Json, found: &Suggestions) {
    json.object(|json| {
        json.key("items").list(&found.items, |json, item| {
            json.object(|json| {
                json.key("kind").text(match item.kind {
                    SuggestionKind::Operator => "operator",
                    SuggestionKind::Person => "person",
                    SuggestionKind::Value => "value",
                    SuggestionKind::Word => "word",
                });
                json.key("text").text(&item.text);
                json.key("query").text(&item.query);
                json.key("help").text(&item.help);
                json.key("messages").option(item.n, |json, n| json.number(n as i64));
            });
        });
        json.key("more").truth(found.more);
    });
}

/// What may have been meant.
pub(crate) fn corrections(json: &mut Json, found: &Corrections) {
    json.object(|json| {
        json.key("unknown").list(&found.unknown, |json, unknown| {
            json.object(|json| {
                json.key("word").text(&unknown.word);
                json.key("closest").list(&unknown.closest, |json, (word, n)| {
                    json.object(|json| {
                        json.key("word").text(word);
                        json.key("messages").number(*n as i64);
                    });
                });
            });
        });
        json.key("query").option(found.query.as_deref(), Json::text);
        json.key("unread").number(found.unread as i64);
    });
}

/// What the hits are made of.
pub(crate) fn facets(json: &mut Json, facets: &Facets) {
    json.object(|json| {
        json.key("total").number(facets.total as i64);
        json.key("undated").number(facets.undated as i64);
        json.key("groups").list(&facets.groups, |json, group| {
            json.object(|json| {
                json.key("facet").text(group.facet.name());
                json.key("different").number(group.n_values as i64);
                json.key("values").list(&group.values, |json, value| {
                    json.object(|json| {
                        json.key("value").text(&value.value);
                        json.key("name").text(&value.name);
                        json.key("messages").number(value.n as i64);
                        json.key("query").text(&value.query);
                    });
                });
            });
        });
    });
}

/// Why messages were found.
pub(crate) fn explained(json: &mut Json, explained: &[Explained]) {
    json.object(|json| {
        json.key("explained").list(explained, |json, Explained { key, reasons }| {
            json.object(|json| {
                json.key("key").text(&key_text(*key));
                json.key("reasons").list(reasons, |json, reason| {
                    json.object(|json| {
                        json.key("part").text(&reason.part);
                        json.key("excluded").truth(reason.negated);
                        json.key("places").list(&reason.places, occurrence);
                    });
                });
            });
        });
    });
}

fn occurrence(json: &mut Json, place: &Occurrence) {
    json.object(|json| {
        json.key("field").text(&place.field);
        json.key("text").text(&place.text);
        json.key("count").number(place.n.into());
        json.key("how").text(place.how.name());
    });
}

/// What many queries find.
pub(crate) fn batch(json: &mut Json, queries: &[Query], batch: &Batch) {
    json.object(|json| {
        json.key("sources").list(&batch.sources, |json, source| json.text(source));
        json.key("rows").list(queries.iter().zip(&batch.rows), |json, (query, row)| {
            json.object(|json| {
                json.key("understood").option(row.as_ref(), |json, _| json.text(&query.understood()));
                json.key("notes").list(&query.notes, |json, note| json.text(&note.text));
                json.key("counts").option(row.as_ref(), counts);
            });
        });
        counts(json.key("total"), &batch.total);
    });
}

fn counts(json: &mut Json, counts: &Counts) {
    json.object(|json| {
        json.key("hits").number(counts.hits as i64);
        json.key("withThreads").number(counts.with_threads as i64);
        json.key("unique").number(counts.unique as i64);
        json.key("bySource").list(&counts.sources, |json, n| json.number(*n as i64));
    });
}

/// Who writes to whom.
pub(crate) fn correspondence(json: &mut Json, found: &Correspondence) {
    json.object(|json| {
        json.key("total").number(found.total as i64);
        json.key("different").number(found.n_senders as i64);
        json.key("people").list(&found.people, |json, own| {
            json.object(|json| {
                json.key("name").text(&own.name);
                json.key("address").text(&own.address);
                json.key("query").text(&own.query(Field::From));
                json.key("sent").number(own.sent as i64);
                json.key("received").number(own.received as i64);
            });
        });
        json.key("letters").list(&found.letters, tie);
        json.key("conversations").list(&found.conversations, tie);
    });
}

fn tie(json: &mut Json, tie: &Tie) {
    json.object(|json| {
        json.key("from").number(tie.from.into());
        json.key("to").number(tie.to.into());
        json.key("n").number(tie.n as i64);
    });
}

/// Where a file of a message is; what is read of it comes later.
pub(crate) fn file(json: &mut Json, file: Option<&KeptFile>) {
    json.object(|json| {
        json.key("bytes").option(None::<i64>, Json::number);
        json.key("file").option(file, |json, file| {
            json.object(|json| {
                let digest: String = file.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
                json.key("sha256").text(&digest);
                json.key("size").number(file.size as i64);
                json.key("parts").option(file.parts.as_ref(), |json, parts| {
                    json.list(parts, |json, part| {
                        json.object(|json| {
                            json.key("name").text(&part.name);
                            json.key("packLength").number(part.pack_length as i64);
                            json.key("at").number(part.piece.at.into());
                            json.key("stored").number(part.piece.stored.into());
                            json.key("skip").number(part.piece.skip.into());
                            json.key("length").number(part.length.into());
                            json.key("packed").truth(part.piece.packed);
                        });
                    });
                });
            });
        });
    });
}

/// What is known not to be here.
pub(crate) fn absent(json: &mut Json, absent: &Absent) {
    json.object(|json| {
        let counts = [
            ("mentioned", absent.mentioned),
            ("quoted", absent.quoted),
            ("unread", absent.unread),
            ("skipped", absent.skipped),
            ("listed", absent.listed),
        ];
        for (name, n) in counts {
            json.key(name).number(n as i64);
        }
        json.key("silent").list(&absent.silent, |json, silent| {
            json.object(|json| {
                json.key("month").text(&silent.month);
                json.key("messages").number(silent.messages as i64);
                json.key("expected").number(silent.expected as i64);
            });
        });
    });
}
