//! `make pictures`: a photograph of every page, at two widths and in two themes, to be looked at.

use tests::browser::{Look, Tab};
use tests::lab::{Lab, lessons, root};

#[tokio::main]
async fn main() {
    let lab = Lab::start(&[]);
    let mut pages =
        vec![("home".to_owned(), "/".to_owned()), ("live".to_owned(), "/live".to_owned())];
    pages.extend(lessons().into_iter().map(|id| (id.clone(), format!("/lesson/{id}"))));
    for (width, look) in [("1440", Look::DESK), ("390", Look::PHONE)] {
        for (theme, look) in [("light", look), ("dark", look.dark())] {
            let tab = Tab::open(look.still()).await;
            for (name, path) in &pages {
                tab.enter(&lab.url(path)).await;
                let file = root().join(format!("tests/pictures/{name}-{width}-{theme}.png"));
                tab.picture(&file).await;
                println!("{}", file.display());
            }
            tab.close().await;
        }
    }
}
