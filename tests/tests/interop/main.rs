//! Programs that others wrote, against ours, on loopback.

mod nginx;
