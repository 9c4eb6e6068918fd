//! The built page in a real browser, driven as a student would drive it. Needs `make build` first;
//! `make test` sees to that.

mod building;
mod dht;
mod futures;
mod home;
mod keys;
mod live;
mod looks;
mod names;
mod offline;
mod others;
mod overlay;
mod practice;
mod token;
mod weight;
