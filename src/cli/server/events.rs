//! The channel by which a page learns that it is out of date.
//!
//! There is one kind of event, `state`: all that the page needs to know, sent
//! when it comes and whenever that is another than what was sent last. So it
//! does not matter what a page missed while it, or the server, was away.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::json;
use tokio::sync::watch;

use super::super::shown::{Reader, Shown};
use super::{Server, guard, page, plain};

/// A browser whose connection is lost tries again after this long.
const RETRY: Duration = Duration::from_millis(500);
/// What is silent for long is taken for dead by what lies between.
const ALIVE: Duration = Duration::from_secs(15);

struct Listener {
    shown: watch::Receiver<Arc<Shown>>,
    file: String,
    last: Option<String>,
    _reader: Reader,
}

/// Tells the page that is named in the query of its state, now and from now on.
pub fn stream(server: &Arc<Server>, request: &Parts) -> Response {
    if !guard::is_from_here(&request.headers) {
        return plain(StatusCode::FORBIDDEN, "only pages of this preview may listen");
    }
    let file = request
        .uri
        .query()
        .and_then(|query| query.split('&').find_map(|one| one.strip_prefix("page=")))
        .and_then(guard::decoded);
    let Some(file) = file else { return plain(StatusCode::BAD_REQUEST, "no page is named") };
    let mut shown = server.shown.clone();
    shown.mark_changed();
    let listener = Listener { shown, _reader: server.open.enter(&file), file, last: None };
    let events = stream::unfold(listener, |mut listener| async move {
        loop {
            // The engine has gone, and the program ends.
            listener.shown.changed().await.ok()?;
            let shown = Arc::clone(&listener.shown.borrow_and_update());
            let file = listener.file.clone();
            let state = tokio::task::spawn_blocking(move || state(&shown, &file)).await.ok()?;
            if listener.last.as_ref() == Some(&state) {
                continue;
            }
            listener.last = Some(state.clone());
            let event = Event::default().event("state").retry(RETRY).data(state);
            return Some((Ok::<_, Infallible>(event), listener));
        }
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)).into_response()
}

/// What a page needs to know: what stands for it as it is now, the style sheets
/// as they are called now, and what is wrong.
fn state(shown: &Shown, file: &str) -> String {
    let styles = shown.pass.as_ref().map(|pass| pass.styles.clone()).unwrap_or_default();
    let seen = page::seen(shown, file);
    json!({ "seen": seen, "styles": styles, "problems": shown.problems.as_deref() }).to_string()
}
