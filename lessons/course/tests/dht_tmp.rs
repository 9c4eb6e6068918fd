use course::lesson::{Act, Kind};
use course::{Answer, Lesson, Numbers, Sitting, catalogue};
use std::time::Instant;
use world::{Story, transcript};
#[test]
fn dht() {
    let only = std::env::var("ONLY").unwrap_or("dht-".into());
    let want: Option<usize> = std::env::var("SCENE").ok().and_then(|s| s.parse().ok());
    for e in catalogue().iter().filter(|e| e.id.starts_with(&only)) {
        let lesson: Lesson = e.read().unwrap_or_else(|x| panic!("{}: {x}", e.id));
        for (i, scene) in lesson.scenes.iter().enumerate() {
            if want.is_some_and(|w| w != i + 1) { continue }
            let t = Instant::now();
            println!("\n######## {} {}: {}", lesson.id, i + 1, scene.title);
            let mut s = match Sitting::new(scene) { Ok(s) => s, Err(e) => { println!("!! open {e}"); continue } };
            println!("opened {:?} entries {}", t.elapsed(), s.run().opened());
            if std::env::var("HOSTS").is_ok() { for h in s.run().history.plan().hosts.iter().take(40) { print!("{} ", h.name); } println!(); }
            for g in scene.goals().filter(|g| s.reached(g)) { println!("!! goal {} before", g.id); }
            for act in &scene.answer {
                let t = Instant::now();
                match s.act(act) {
                    Ok(Some(v)) => println!("? {act:?}: right={} {} [{:?}]", v.right(), v.says(), t.elapsed()),
                    Ok(None) => println!("> {act:?} [{:?}]", t.elapsed()),
                    Err(e) => println!("!! {act:?} {e}"),
                }
            }
            let t = Instant::now();
            s.finish();
            println!("finish {:?} entries {}", t.elapsed(), s.run().history.len());
            let d = s.run().digest();
            for g in scene.goals().filter(|g| !s.reached(g)) {
                let f = s.facts(&d);
                println!("!! goal {} not reached {:?}", g.id, g.holds.iter().map(|e| format!("{}: {:?}", e.text(), e.value(&f))).collect::<Vec<_>>());
            }
            if !d.overlay.samples.is_empty() { println!("samples {}", d.overlay.samples.len()); }
            let t = Instant::now();
            let n = Numbers::of(scene, &scene.opening.params);
            for x in scene.prose().flat_map(|p| p.numbers()) { println!("# {} = {:?}", x.expr.text(), n.value(x)); }
            println!("numbers {:?}", t.elapsed());
            for q in scene.questions() {
                if let Kind::Choice(c) = &q.kind { for at in 0..c.len() {
                    let v = q.judge(scene, &scene.opening.params, &Answer::Option(at));
                    println!("  {} option {at} {} right={} {}", q.id, c[at].label, v.right(), v.says());
                } } else { let v = q.judge(scene, &scene.opening.params, &Answer::Text("123456".into())); println!("  {} wrong: {}", q.id, v.says()); }
            }
            let th = s.run().threads();
            let tr = s.run().counted(th.as_deref());
            if std::env::var("TELL").is_ok() { println!("{}", transcript(&Story::of(tr), tr, s.run().history.len())); }
            let un = Story::of(tr).unexplained();
            if !un.is_empty() { println!("!! unexplained {:?}", un.len()); }
            println!("scene {:?}", t.elapsed());
            let _ = Act::Cue(String::new());
        }
    }
}
