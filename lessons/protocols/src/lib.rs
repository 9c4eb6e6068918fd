//! The application protocols that Wirelab teaches, as machines that know no clock and no socket.
