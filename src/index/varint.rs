//! Variable-length numbers (LEB128): seven bits per byte, lowest bits first; the eighth bit means
//! that another byte follows.

/// Appends `number` to `out`.
pub(super) fn encode(mut number: u32, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

/// Removes the number at the start of `bytes` and returns it. Returns `None` if `bytes` ends inside
/// the number or the encoding is longer than five bytes.
pub(super) fn decode(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0_u32;
    for shift in (0..35).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7f).checked_shl(shift)?;
        if *byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn varint_round_trip(numbers in prop::collection::vec(any::<u32>(), 0..20), random in prop::collection::vec(any::<u8>(), 0..9)) {
            let mut bytes = Vec::new();
            for number in &numbers {
                encode(*number, &mut bytes);
            }
            let mut rest = bytes.as_slice();
            let taken: Vec<u32> = numbers.iter().filter_map(|_| decode(&mut rest)).collect();
            prop_assert_eq!(taken, numbers);
            prop_assert_eq!(decode(&mut rest), None);
            let _ = decode(&mut random.as_slice());
        }
    }
}
