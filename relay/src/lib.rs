//! The relay: serves the app and bridges a WebSocket to TCP and UDP.
