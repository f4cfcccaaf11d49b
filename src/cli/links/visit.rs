//! Many addresses asked for, with good manners: never two requests at a time
//! to one host, and a pause between them; what fails is asked for again, later;
//! who wants to be left alone is.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::ask::{Address, Fault, Method, Reply};

/// How hosts are treated.
#[derive(Debug, Clone, Copy)]
pub struct Manners {
    /// The most requests at a time, each to another host.
    pub at_once: usize,
    /// The pause between the end of a request to a host and the next one.
    pub delay: Duration,
    /// How often something is asked for that gives no answer, or one that may
    /// be another one later.
    pub tries: u32,
    /// The pause before the second try; it doubles for each one after.
    pub backoff: Duration,
    /// A host that wants a longer pause than this is not asked again.
    pub patience: Duration,
}

/// What is to be thought of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// There is something.
    Fine,
    /// It is elsewhere for good.
    Moved,
    /// Nothing is there any more.
    Rotted,
    /// It cannot be told from here.
    Unsure,
}

/// What became of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// Where it is now, if it was moved for good, whatever is there.
    pub moved_to: Option<Address>,
}

impl Answer {
    /// For what is no address of the web, which nobody can be asked for.
    pub fn no_address() -> Self {
        Self { verdict: Verdict::Rotted, reason: Reason::NoAddress, moved_to: None }
    }
}

/// Why an address is thought of as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The server's last answer.
    Status(u16),
    /// There was no answer.
    Silence(Fault),
    /// It led on and on.
    Circle,
    /// It leads to something other than the web.
    Astray(String),
    /// The host wants to be left alone for so long.
    NotNow(Duration),
    /// It is no address.
    NoAddress,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(code) => write!(f, "the server answers {code}"),
            Self::Silence(Fault::NoSuchHost) => write!(f, "no such host is known"),
            Self::Silence(Fault::NoConnection(why)) => write!(f, "{why}"),
            Self::Silence(Fault::SlowConnection) => write!(f, "the host cannot be reached in time"),
            Self::Silence(Fault::SlowAnswer) => write!(f, "no answer comes in time"),
            Self::Silence(Fault::NotSafe(why)) => write!(f, "the connection is not safe: {why}"),
            Self::Silence(Fault::Garbled(why)) => write!(f, "the answer cannot be read: {why}"),
            Self::Circle => write!(f, "it leads on more than {MOST_HOPS} times"),
            Self::Astray(to) => write!(f, "it leads to `{to}`, which is not on the web"),
            Self::NotNow(wait) => {
                write!(f, "the server asks to be left alone for {} s", wait.as_secs())
            }
            Self::NoAddress => write!(f, "this is no address of the web"),
        }
    }
}

/// Browsers follow twenty; nobody means so many.
const MOST_HOPS: u32 = 10;

/// Asks for each of `addresses` by means of `ask`, and gives their answers in
/// the same order. Calls `tick` whenever one is done.
pub fn visit(
    addresses: &[Address],
    manners: Manners,
    ask: &(dyn Fn(&Address, Method) -> Reply + Sync),
    tick: &(dyn Fn() + Sync),
) -> Vec<Answer> {
    let mut state = State {
        hosts: BTreeMap::new(),
        open: addresses.len(),
        answers: vec![None; addresses.len()],
    };
    let now = Instant::now();
    for (index, address) in addresses.iter().enumerate() {
        let job = Job {
            index,
            at: address.clone(),
            method: Method::Head,
            tries: 1,
            hops: 0,
            moved_to: None,
            is_moving: true,
            not_before: now,
        };
        state.enqueue(job, now);
    }
    let (state, changed) = (Mutex::new(state), Condvar::new());
    thread::scope(|scope| {
        for _ in 0..manners.at_once.clamp(1, addresses.len().max(1)) {
            scope.spawn(|| work(&state, &changed, manners, ask, tick));
        }
    });
    let state = state.into_inner().unwrap_or_else(PoisonError::into_inner);
    state.answers.into_iter().map(|answer| answer.expect("every job ends in an answer")).collect()
}

/// An address on its way.
struct Job {
    /// Which answer it is for.
    index: usize,
    /// Where it has been led to.
    at: Address,
    method: Method,
    /// This one included.
    tries: u32,
    hops: u32,
    /// The last address it was moved to for good.
    moved_to: Option<Address>,
    /// Whether all redirects up to here were for good.
    is_moving: bool,
    not_before: Instant,
}

struct Host {
    is_busy: bool,
    ready_at: Instant,
    jobs: VecDeque<Job>,
    /// Ports that have been found not to answer, and why.
    dead: BTreeMap<u16, Fault>,
    /// How long it wants to be left alone.
    closed: Option<Duration>,
}

struct State {
    hosts: BTreeMap<String, Host>,
    /// How many addresses wait for their answer.
    open: usize,
    answers: Vec<Option<Answer>>,
}

/// What a worker can do.
enum Next {
    Ask(Job),
    WaitUntil(Instant),
    Wait,
    Stop,
}

fn work(
    state: &Mutex<State>,
    changed: &Condvar,
    manners: Manners,
    ask: &(dyn Fn(&Address, Method) -> Reply + Sync),
    tick: &(dyn Fn() + Sync),
) {
    let lock = || state.lock().unwrap_or_else(PoisonError::into_inner);
    let mut held: MutexGuard<'_, State> = lock();
    loop {
        let now = Instant::now();
        held = match held.next(now) {
            Next::Stop => return,
            Next::Wait => changed.wait(held).unwrap_or_else(PoisonError::into_inner),
            Next::WaitUntil(then) => {
                let wait = changed.wait_timeout(held, then.saturating_duration_since(now));
                wait.unwrap_or_else(PoisonError::into_inner).0
            }
            Next::Ask(job) => {
                drop(held);
                let reply = ask(&job.at, job.method);
                let mut held = lock();
                let before = held.open;
                held.settle(job, reply, manners, Instant::now());
                (held.open..before).for_each(|_| tick());
                changed.notify_all();
                held
            }
        };
    }
}

impl State {
    /// The job whose turn it is; its host is busy from now on.
    fn next(&mut self, now: Instant) -> Next {
        if self.open == 0 {
            return Next::Stop;
        }
        let idle = self.hosts.values_mut().filter(|host| !host.is_busy);
        let turns = idle.filter_map(|host| {
            let (index, job) =
                host.jobs.iter().enumerate().min_by_key(|(index, job)| (job.not_before, *index))?;
            Some((job.not_before.max(host.ready_at), index, host))
        });
        let Some((at, index, host)) = turns.min_by_key(|(at, ..)| *at) else {
            // All that is left is being asked for by other workers.
            return Next::Wait;
        };
        if at > now {
            return Next::WaitUntil(at);
        }
        host.is_busy = true;
        Next::Ask(host.jobs.remove(index).expect("it was just found there"))
    }

    /// Takes note of a reply: the job is done, or comes back later.
    fn settle(&mut self, job: Job, reply: Reply, manners: Manners, now: Instant) {
        let host = self.hosts.get_mut(job.at.host()).expect("its host was asked");
        host.is_busy = false;
        host.ready_at = now + manners.delay;
        let port = job.at.port();
        match judge(job, reply, manners) {
            Step::Done(index, answer) => {
                let fault = match &answer.reason {
                    Reason::Silence(fault) if fault.is_of_the_host() => Some(fault.clone()),
                    _ => None,
                };
                if let Some(fault) = fault {
                    // Its other addresses would take as long, for the same.
                    let gone = |job: &Job| job.at.port() == port;
                    let (done, left) = host.jobs.drain(..).partition(gone);
                    host.jobs = left;
                    host.dead.insert(port, fault.clone());
                    for job in Vec::from(done) {
                        self.answer(job.index, answered(job, Reason::Silence(fault.clone())));
                    }
                }
                self.answer(index, answer);
            }
            Step::Again(job, wait) => self.enqueue(Job { not_before: now + wait, ..job }, now),
            Step::Leave(job, wait) if wait > manners.patience => {
                host.closed = Some(wait);
                for job in std::iter::once(job).chain(std::mem::take(&mut host.jobs)) {
                    self.answer(job.index, answered(job, Reason::NotNow(wait)));
                }
            }
            Step::Leave(job, wait) => {
                host.ready_at = host.ready_at.max(now + wait);
                self.enqueue(Job { not_before: now, ..job }, now);
            }
        }
    }

    fn enqueue(&mut self, job: Job, now: Instant) {
        let host = self.hosts.entry(job.at.host().to_owned()).or_insert_with(|| Host {
            is_busy: false,
            ready_at: now,
            jobs: VecDeque::new(),
            dead: BTreeMap::new(),
            closed: None,
        });
        let reason = match (host.dead.get(&job.at.port()), host.closed) {
            (Some(fault), _) => Reason::Silence(fault.clone()),
            (None, Some(wait)) => Reason::NotNow(wait),
            (None, None) => return host.jobs.push_back(job),
        };
        self.answer(job.index, answered(job, reason));
    }

    fn answer(&mut self, index: usize, answer: Answer) {
        self.answers[index] = Some(answer);
        self.open -= 1;
    }
}

/// How it goes on with a job.
enum Step {
    /// It does not.
    Done(usize, Answer),
    /// It comes again after a while, perhaps at another host.
    Again(Job, Duration),
    /// It comes again, and its host is left alone for so long.
    Leave(Job, Duration),
}

fn judge(mut job: Job, reply: Reply, manners: Manners) -> Step {
    let is_last = job.tries >= manners.tries;
    let backoff = manners.backoff * 2u32.saturating_pow(job.tries - 1);
    let done = |job: Job, reason| Step::Done(job.index, answered(job, reason));
    match reply {
        Reply::Status {
            code: code @ (301 | 302 | 303 | 307 | 308), location: Some(to), ..
        } => {
            if job.hops >= MOST_HOPS {
                return done(job, Reason::Circle);
            }
            let Some(at) = job.at.follow(&to) else { return done(job, Reason::Astray(to)) };
            job.is_moving &= matches!(code, 301 | 308);
            if job.is_moving {
                job.moved_to = Some(at.clone());
            }
            let hops = job.hops + 1;
            Step::Again(Job { at, hops, method: Method::Head, ..job }, Duration::ZERO)
        }
        Reply::Status { code: code @ (429 | 503), retry_after: Some(wait), .. } => {
            if is_last && wait <= manners.patience {
                return done(job, Reason::Status(code));
            }
            Step::Leave(Job { tries: job.tries + 1, ..job }, wait)
        }
        Reply::Status { code: code @ 400.., .. } => {
            if job.method == Method::Head && code != 429 {
                // Some servers know no HEAD, and say so by any of these.
                return Step::Again(Job { method: Method::Get, ..job }, Duration::ZERO);
            }
            let may_pass = code == 429 || code >= 500;
            if may_pass && !is_last {
                return Step::Again(Job { tries: job.tries + 1, ..job }, backoff);
            }
            done(job, Reason::Status(code))
        }
        Reply::Status { code, .. } => done(job, Reason::Status(code)),
        // A certificate is no better a second later.
        Reply::Silence(fault @ Fault::NotSafe(_)) => done(job, Reason::Silence(fault)),
        Reply::Silence(fault) if is_last => done(job, Reason::Silence(fault)),
        Reply::Silence(_) => {
            Step::Again(Job { method: Method::Get, tries: job.tries + 1, ..job }, backoff)
        }
    }
}

fn answered(job: Job, reason: Reason) -> Answer {
    let verdict = match &reason {
        Reason::Status(200..300) if job.moved_to.is_some() => Verdict::Moved,
        Reason::Status(200..300) => Verdict::Fine,
        Reason::Status(404 | 410) | Reason::Circle | Reason::NoAddress => Verdict::Rotted,
        Reason::Silence(Fault::Garbled(_)) => Verdict::Unsure,
        Reason::Silence(_) => Verdict::Rotted,
        Reason::Status(_) | Reason::Astray(_) | Reason::NotNow(_) => Verdict::Unsure,
    };
    Answer { verdict, reason, moved_to: job.moved_to }
}
