//! The preview's web server: renders a page when a browser asks for it.
//!
//! axum speaks HTTP, on a tokio runtime of one thread; pages are rendered on
//! threads beside it. futures-util makes the stream of events, `mime_guess`
//! names the types of files. All four are named here alone.
//!
//! Answers come from the lists of a pass: a path is looked up there and never
//! joined to a folder, so that no path leads out of the site.

mod events;
mod guard;
mod page;

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use onrecord::build::Pass;
use onrecord::plan::pages::INDEX;
use onrecord::plan::route;
use onrecord::read::disk;
use tokio::sync::watch;

use super::Failure;
use super::shown::{OpenPages, Shown};
use guard::Hosts;

/// The first port that is tried.
const PORT: u16 = 4000;
/// How many are tried.
const PORTS: u16 = 100;

/// Below the site's address: what belongs to the preview and not to the site.
/// No page or file can have such a name without a letter or digit before it.
const OWN: &str = "~onrecord/";

const SCRIPT: &str = include_str!("server/live.js");

/// What the preview answers from.
struct Server {
    shown: watch::Receiver<Arc<Shown>>,
    open: Arc<OpenPages>,
    hosts: Hosts,
}

/// Takes a port: the one asked for, or else 4000 or the next that is free.
pub fn bind(host: Option<IpAddr>, port: Option<u16>) -> Result<TcpListener, Failure> {
    let host = host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let ports = port.map_or(PORT..=PORT + PORTS, |port| port..=port);
    for one in ports {
        match TcpListener::bind(SocketAddr::new(host, one)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == ErrorKind::AddrInUse && port.is_none() => {}
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                return Err(Failure::new(format!("the port {one} is taken"))
                    .hint("leave `--port` out, and the next free one is found"));
            }
            Err(error) => {
                return Err(Failure::new(format!("{host}, port {one}: {error}")));
            }
        }
    }
    Err(Failure::new(format!("the ports {PORT} to {} are all taken", PORT + PORTS))
        .hint("name another with `--port`"))
}

/// Serves until the program ends.
pub fn run(
    listener: TcpListener,
    shown: watch::Receiver<Arc<Shown>>,
    open: Arc<OpenPages>,
) -> io::Result<()> {
    let hosts = Hosts::of(listener.local_addr()?.ip());
    let server = Arc::new(Server { shown, open, hosts });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let router = Router::new().fallback(answer).with_state(server);
        axum::serve(listener, router).await
    })
}

async fn answer(State(server): State<Arc<Server>>, request: Request) -> Response {
    // What else a request may carry is not read.
    let (request, _) = request.into_parts();
    let mut response = match guard::check(&request, &server.hosts) {
        Ok(()) => route(&server, &request).await,
        Err((status, why)) => plain(status, why),
    };
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // A page of another site could draw, and so measure, what it may not read.
    let own = HeaderValue::from_static("same-origin");
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), own);
    // What is shown may be another thing in a moment.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn route(server: &Arc<Server>, request: &Parts) -> Response {
    // The preview's own two addresses are known below any path: that of the
    // site may have changed since a page was loaded.
    match request.uri.path().rsplit_once(OWN) {
        Some((before, "live.js")) if before.ends_with('/') => {
            return typed(StatusCode::OK, "text/javascript; charset=utf-8", SCRIPT);
        }
        Some((before, "events")) if before.ends_with('/') => {
            return events::stream(server, request);
        }
        _ => {}
    }
    let path = request.uri.path();
    let Some(path) = path.strip_prefix('/').and_then(guard::decoded) else {
        return plain(StatusCode::BAD_REQUEST, "this is no address of a page");
    };
    let query = request.uri.query().map_or(String::new(), |query| format!("?{query}"));
    let shown = Arc::clone(&server.shown.borrow());
    blocking(move || look_up(&shown, &path, &query)).await
}

/// What a static host would answer. `path` is decoded, and starts at the host.
fn look_up(shown: &Shown, path: &str, query: &str) -> Response {
    let Some(pass) = &shown.pass else { return page::nothing_yet(shown, &route::file(path)) };
    let base = route::decoded(route::base_path(&pass.site));
    let base = base.trim_start_matches('/');
    let to = |path: &str| format!("/{}{query}", route::encoded(path));
    let Some(path) = path.strip_prefix(base) else {
        // The site lies below a path, as it will on its host.
        let is_root = path.is_empty() || format!("{path}/") == base;
        if is_root {
            return leads_to(&to(base), StatusCode::TEMPORARY_REDIRECT);
        }
        return page::missing(shown, pass, "404.html");
    };
    let file = route::file(path);
    if let Some(page) = pass.plan.page(&file) {
        return page::page(shown, pass, page, &file, StatusCode::OK);
    }
    if pass.assets.contains_key(&file) {
        return asset(pass, &file);
    }
    if file.starts_with(INDEX) {
        return in_index(pass, &file);
    }
    match leads_on(pass, path) {
        Some(rest) => leads_to(&to(&format!("{base}{path}{rest}")), StatusCode::PERMANENT_REDIRECT),
        None => page::missing(shown, pass, &file),
    }
}

/// What to add to a path at which there is nothing, so that there is something.
fn leads_on(pass: &Pass, path: &str) -> Option<&'static str> {
    let is_there = |file: &str| pass.plan.page(file).is_some() || pass.assets.contains_key(file);
    if path.ends_with('/') {
        None
    } else if is_there(&format!("{path}/index.html")) {
        Some("/")
    } else {
        is_there(&format!("{path}.html")).then_some(".html")
    }
}

/// A file of the search index, which the first of these requests makes.
fn in_index(pass: &Pass, file: &str) -> Response {
    match pass.index() {
        Ok(files) => match files.get(file) {
            Some(bytes) => typed(StatusCode::OK, &type_of(file), bytes.clone()),
            None => plain(StatusCode::NOT_FOUND, "there is no such file in the search index"),
        },
        Err(problem) => plain(StatusCode::INTERNAL_SERVER_ERROR, &problem.message),
    }
}

/// A file that is passed on as it is.
fn asset(pass: &Pass, file: &str) -> Response {
    match disk::bytes(&pass.assets[file]) {
        Ok(bytes) => typed(StatusCode::OK, &type_of(file), bytes.to_vec()),
        // It went, or leads out of the folder by now.
        Err(_) => plain(StatusCode::NOT_FOUND, "this file is no longer there"),
    }
}

fn type_of(file: &str) -> String {
    let kind = mime_guess::from_path(file).first_or_octet_stream();
    let is_text = kind.type_() == "text"
        || matches!(kind.subtype().as_str(), "javascript" | "json" | "xml" | "svg" | "ld")
        || kind.suffix().is_some_and(|suffix| suffix == "xml" || suffix == "json");
    if is_text { format!("{kind}; charset=utf-8") } else { kind.to_string() }
}

/// Runs what takes a while beside the thread that speaks HTTP.
async fn blocking(work: impl FnOnce() -> Response + Send + 'static) -> Response {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
        plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the page could not be made: this is a fault of onrecord",
        )
    })
}

fn leads_to(address: &str, status: StatusCode) -> Response {
    let mut response = plain(status, "");
    match HeaderValue::from_str(address) {
        Ok(address) => {
            response.headers_mut().insert(header::LOCATION, address);
            response
        }
        Err(_) => plain(StatusCode::BAD_REQUEST, "this is no address of a page"),
    }
}

fn plain(status: StatusCode, text: &str) -> Response {
    typed(status, "text/plain; charset=utf-8", format!("{text}\n"))
}

fn typed(status: StatusCode, kind: &str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let kind = HeaderValue::from_str(kind)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// Whether a method asks for nothing to be changed.
fn only_reads(method: &Method) -> bool {
    method == Method::GET || method == Method::HEAD
}
