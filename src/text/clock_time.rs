//! Lengths and positions of sounds and films.

/// Returns a number of seconds as `1:02:03` or `2:03`.
pub fn format_clock(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::format_clock;

    #[test]
    fn seconds_are_written_as_players_show_them() {
        let written = [0, 59, 600, 3_723].map(format_clock);
        assert_eq!(written, ["0:00", "0:59", "10:00", "1:02:03"]);
    }
}
