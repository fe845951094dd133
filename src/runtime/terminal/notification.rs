//! Notifications on the desktop, shown by the terminal.

use crate::settings::NotificationSetting;

/// Returns the bytes that make the terminal show `text`, in which there are no control characters.
///
/// The text never begins a sequence with a number: after `OSC 9 ;`, `4;` would be the progress bar of
/// Windows Terminal and ConEmu.
pub fn notification_sequence(
    protocol: NotificationSetting,
    is_in_tmux: bool,
    text: &str,
) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    let sequence = match protocol {
        NotificationSetting::Osc9 => format!("\x1b]9;newsreader: {text}\x1b\\"),
        // The identifier makes a notification replace the one before it.
        NotificationSetting::Osc99 => format!(
            "\x1b]99;i=newsreader:d=0;newsreader\x1b\\\x1b]99;i=newsreader:p=body;{text}\x1b\\"
        ),
        // A semicolon would begin another parameter.
        NotificationSetting::Osc777 => {
            format!("\x1b]777;notify;newsreader;{}\x1b\\", text.replace(';', ","))
        }
        NotificationSetting::Bell => return "\x07".to_owned(),
        NotificationSetting::Auto | NotificationSetting::Desktop | NotificationSetting::Off => {
            return String::new();
        }
    };
    if is_in_tmux {
        format!("\x1bPtmux;{}\x1b\\", sequence.replace('\x1b', "\x1b\x1b"))
    } else {
        sequence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notification_is_one_sequence_of_the_protocol() {
        for (protocol, sequence) in [
            (NotificationSetting::Osc9, "\x1b]9;newsreader: 4;3; ferries\x1b\\"),
            (
                NotificationSetting::Osc99,
                "\x1b]99;i=newsreader:d=0;newsreader\x1b\\\x1b]99;i=newsreader:p=body;4;3; ferries\x1b\\",
            ),
            (NotificationSetting::Osc777, "\x1b]777;notify;newsreader;4,3, ferries\x1b\\"),
            (NotificationSetting::Bell, "\x07"),
            (NotificationSetting::Off, ""),
        ] {
            let text = "4;3;\x07\u{9c} ferries";
            assert_eq!(notification_sequence(protocol, false, text), sequence, "{protocol:?}");
        }
    }

    #[test]
    fn notification_passes_through_tmux() {
        let sequence = notification_sequence(NotificationSetting::Osc9, true, "a");
        assert_eq!(sequence, "\x1bPtmux;\x1b\x1b]9;newsreader: a\x1b\x1b\\\x1b\\");
        assert_eq!(notification_sequence(NotificationSetting::Bell, true, "a"), "\x07");
    }
}
