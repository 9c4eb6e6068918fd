//! The icons, as inline SVG on a grid of 16.

use yew::prelude::*;

/// The pictures that buttons carry; the button's label says in words what they mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Icon {
    Start,
    Back,
    Play,
    Pause,
    Step,
    Fork,
    Share,
    Theme,
    Keys,
    Search,
    Ladder,
    Map,
    Text,
    Book,
    Lens,
    Check,
    Cross,
    Closer,
    Farther,
    Squeeze,
    Drop,
    Delay,
    Double,
    Edit,
    Copy,
    Out,
    Undo,
    Next,
    Ring,
}

/// Draws an icon; it is hidden from those who cannot see it.
pub fn icon(which: Icon) -> Html {
    drawn(strokes(which))
}

/// The same for a picture that only one page has: what is listed above comes with the first visit.
pub fn drawn(strokes: &'static str) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d={strokes} />
        </svg>
    }
}

fn strokes(which: Icon) -> &'static str {
    match which {
        Icon::Start => "M4 3v10M13 3L6.500 8l6.500 5z",
        Icon::Back => "M11.500 3L5 8l6.500 5z",
        Icon::Play => "M5 2.500L13 8l-8 5.500z",
        Icon::Pause => "M5.500 3v10M10.500 3v10",
        Icon::Step => "M4.500 3L11 8l-6.500 5z",
        Icon::Fork => "M4 13.500v-11M4 10.500c0-4.500 8-2.500 8-8M9.800 4.700L12 2.500l2.200 2.200",
        Icon::Share => "M8 10V2M5 4.600L8 2l3 2.600M3 8v5.500h10V8",
        Icon::Theme => "M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12",
        Icon::Keys => "M1.500 4.500h13v7h-13zM4 7h.01M6.500 7h.01M9 7h.01M11.500 7h.01M5 9.300h6",
        Icon::Search => "M7 2.500a4.500 4.500 0 1 0 .01 0M10.300 10.300L14 14",
        Icon::Ladder => "M4 2v12M12 2v12M4 5l8 1.800M12 9L4 10.800",
        Icon::Map => {
            "M4 3a1.500 1.500 0 1 0 .01 0M12.500 6a1.500 1.500 0 1 0 .01 0\
             M5 11a1.500 1.500 0 1 0 .01 0M5.600 5l5.300 2M4.200 6.200l.6 4.600\
             M11.200 8.300l-4.800 3.200"
        }
        Icon::Text => "M3 4h10M3 8h10M3 12h6",
        Icon::Book => {
            "M8 4C6.500 2.800 4.500 2.500 2 2.700v9.800c2.500-.2 4.500.1 6 1.300 1.500-1.200 \
             3.500-1.500 6-1.300V2.700C11.500 2.500 9.500 2.800 8 4zM8 4v9.500"
        }
        Icon::Lens => {
            "M2 8c1.500-3 3.500-4.500 6-4.500S12.500 5 14 8c-1.500 3-3.500 4.500-6 4.500\
             S3.500 11 2 8zM8 6.300a1.700 1.700 0 1 0 .01 0"
        }
        Icon::Check => "M3 8.500l3.300 3.300L13 4.500",
        Icon::Cross => "M4 4l8 8M12 4l-8 8",
        Icon::Closer => "M8 3v10M3 8h10",
        Icon::Farther => "M3 8h10",
        Icon::Squeeze => "M3 8h10M8 1.500V6M6 4l2 2 2-2M8 14.500V10M6 12l2-2 2 2",
        Icon::Drop => "M2 5l5 2.500M9.500 6l4.500 4.500M14 6l-4.500 4.500",
        Icon::Delay => "M8 2.500a5.500 5.500 0 1 0 .01 0M8 5v3.200l2.200 1.600",
        Icon::Double => {
            "M2 5.500h10M9.500 3L12 5.500 9.500 8M4 10.500h10M11.500 8l2.500 2.500-2.500 2.500"
        }
        Icon::Edit => "M3 13l.8-3L11 2.800 13.200 5 6 12.200z",
        Icon::Copy => "M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3",
        Icon::Out => "M6 3H3v10h10v-3M9 2.500h4.500V7M13.500 2.500L7.500 8.500",
        Icon::Undo => "M3 6h7a3.500 3.500 0 0 1 0 7H6M5.500 3.300L3 6l2.500 2.700",
        Icon::Next => "M3 8h10M9 4l4 4-4 4",
        Icon::Ring => "M8 2.500a5.500 5.500 0 1 0 .01 0M8 2.500L12.800 10.700M8 2.500L3.200 10.700",
    }
}
