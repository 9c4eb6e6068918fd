//! One of our endpoints as a program of its own, on loopback, for as long as a test needs it.

use std::net::{IpAddr, SocketAddr};

use protocols::endpoint::{Host, Step};
use relay::Dialler;
use relay::policy::{Policy, Profile};
use relay::serve::{Ground, Observer, Serving, serve};
use tokio::runtime::Runtime;

/// A running endpoint; it stops when this is dropped.
#[derive(Debug)]
pub struct Native {
    serving: Serving,
    // After what runs on it.
    runtime: Runtime,
}

impl Native {
    /// Starts it on free ports of 127.0.0.1.
    ///
    /// # Panics
    /// When it cannot have its ports.
    pub fn start(host: Box<dyn Host + Send>) -> Native {
        Native::run(host, Ground::anywhere(), None)
    }

    /// The same, with somebody who is told of every step.
    ///
    /// # Panics
    /// When it cannot have its ports.
    pub fn watched(
        host: Box<dyn Host + Send>,
        observer: impl FnMut(&Step) + Send + 'static,
    ) -> Native {
        Native::run(host, Ground::anywhere(), Some(Box::new(observer)))
    }

    /// The same, on this address and on the very ports that the endpoint asks for.
    ///
    /// # Panics
    /// When it cannot have its ports.
    pub fn at(
        ip: IpAddr,
        host: Box<dyn Host + Send>,
        observer: impl FnMut(&Step) + Send + 'static,
    ) -> Native {
        let ground = Ground { ip, raise: 0, fixed: true, ..Ground::anywhere() };
        let native = Native::run(host, ground, Some(Box::new(observer)));
        let moved = native.serving.listening().iter().find(|at| at.port != at.address.port());
        assert_eq!(moved, None, "a port is taken, or not for us");
        native
    }

    fn run(host: Box<dyn Host + Send>, ground: Ground, observer: Option<Observer>) -> Native {
        let runtime = Runtime::new().expect("a runtime");
        let dialler = Dialler::new(Policy::new(Profile::Local));
        let started = runtime.block_on(serve(host, ground, dialler, observer));
        Native { serving: started.expect("free ports on loopback"), runtime }
    }

    /// Where the endpoint's port of this number really is.
    ///
    /// # Panics
    /// When the endpoint does not listen there.
    pub fn address(&self, port: u16) -> SocketAddr {
        self.serving.address(port).expect("it listens there")
    }

    /// Gives it a command.
    pub fn command(&self, text: &str) {
        self.runtime.block_on(self.serving.command(text));
    }
}
