//! `onrecord serve`: a live preview in the browser.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, mpsc};
use std::thread;

use clap::Args;
use onrecord::plan::route;

use super::live::Live;
use super::shown::OpenPages;
use super::site::{Desk, SiteArguments};
use super::watcher::Watcher;
use super::{Failure, Outcome, server, terminal};

/// Show the site in the browser, and keep it up to date
///
/// Renders a page when the browser asks for it, and has it loaded again when it has changed. While
/// there is an error anywhere, the last good version stays up and the page says what is wrong. The
/// output folder is not touched. Ctrl-C ends it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord serve                         Show the site in this folder
  onrecord serve my-desk --drafts --open
  onrecord serve --host 0.0.0.0          Let others on the network look; they see drafts too, if shown")]
pub struct Arguments {
    #[command(flatten)]
    site: SiteArguments,

    /// Use this port and no other; without it, 4000 or the next that is free
    #[arg(short, long, value_name = "PORT")]
    port: Option<u16>,

    /// Let other machines in, by listening at this address of this machine
    ///
    /// Without it, only this machine gets in.
    #[arg(long, value_name = "ADDRESS")]
    host: Option<IpAddr>,

    /// Open the preview in the browser
    #[arg(long)]
    open: bool,

    /// Look at all files once a second, instead of being told of changes by the system
    #[arg(long)]
    poll: bool,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let desk = Desk::open(&arguments.site)?;
    let watcher = Watcher::new(&desk.folder, arguments.poll)?;
    let listener = server::bind(arguments.host, arguments.port)?;
    let at = listener.local_addr()?;
    let open = Arc::new(OpenPages::default());
    let (live, shown) = Live::new(desk, watcher, Arc::clone(&open), arguments.site.quiet)?;
    let pass = shown.borrow().pass.clone();
    let base = pass.as_ref().map_or("/", |pass| route::base_path(&pass.site));
    let address = format!("http://{}{base}", reached_at(at));
    terminal::print(&format!("{}: {address} (Ctrl-C ends it)\n", arguments.site.dir.display()))?;
    if arguments.open
        && let Err(error) = open::that_detached(&address)
    {
        terminal::say(&format!("note: no browser could be opened: {error}\n"));
    }
    // Both go on until the program is ended, or one of them fails.
    let (end, ended) = mpsc::channel();
    let ends = end.clone();
    thread::spawn(move || {
        let ending = server::run(listener, shown, open);
        ends.send(ending.map_err(Failure::from))
    });
    thread::spawn(move || end.send(live.follow().map(drop)));
    match ended.recv() {
        Ok(Err(failure)) => Err(failure),
        _ => Err(Failure::new("the preview has failed: this is a fault of onrecord")),
    }
}

/// The address under which a browser on this machine reaches the server.
fn reached_at(at: SocketAddr) -> SocketAddr {
    let mut reached = at;
    if at.ip().is_unspecified() {
        reached.set_ip(if at.is_ipv4() {
            IpAddr::from([127, 0, 0, 1])
        } else {
            IpAddr::from(std::net::Ipv6Addr::LOCALHOST)
        });
    }
    reached
}
