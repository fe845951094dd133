//! Archives in the ZIP format, as far as exports of web services need it: files that are stored or
//! deflated, without encryption, of less than 4 GiB.

use std::io::Read as _;

use flate2::read::DeflateDecoder;

/// Maximum number of files of an archive.
const MAX_ENTRIES: usize = 50_000;

/// Signatures of the records.
const END_OF_DIRECTORY: &[u8] = b"PK\x05\x06";
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";
const LOCAL_HEADER: &[u8] = b"PK\x03\x04";

/// Length of the record at the end, without its comment, and of the other two without their names.
const END_BYTES: usize = 22;
const ENTRY_BYTES: usize = 46;
const LOCAL_BYTES: usize = 30;

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ZipEntry {
    /// The name, with the names of its folders.
    pub(super) name: String,
    method: u16,
    packed_bytes: usize,
    offset: usize,
}

/// Lists the files of an archive.
///
/// # Errors
///
/// Returns why it cannot be read, as a part of a sentence.
pub(super) fn list_zip(bytes: &[u8]) -> Result<Vec<ZipEntry>, &'static str> {
    let start = bytes.len().saturating_sub(END_BYTES + usize::from(u16::MAX));
    let tail = &bytes[start..];
    let found = (0..=tail.len().saturating_sub(END_BYTES))
        .rev()
        .find(|at| tail[*at..].starts_with(END_OF_DIRECTORY));
    let end = &tail[found.ok_or("it is not a ZIP archive, or cut off")?..];
    let count = usize::from(read_u16(end, 10).ok_or("its list of files is cut off")?);
    if count > MAX_ENTRIES || count == usize::from(u16::MAX) {
        return Err("it has too many files");
    }
    let mut at = read_u32(end, 16).ok_or("its list of files is cut off")?;
    let mut entries = Vec::with_capacity(count);
    for _ in 0..count {
        let record = bytes.get(at..).unwrap_or_default();
        let (entry, len) = read_entry(record).ok_or("its list of files is damaged")?;
        entries.push(entry);
        at += len;
    }
    Ok(entries)
}

fn read_entry(record: &[u8]) -> Option<(ZipEntry, usize)> {
    if !record.starts_with(DIRECTORY_ENTRY) {
        return None;
    }
    let name_bytes = usize::from(read_u16(record, 28)?);
    let extra_bytes = usize::from(read_u16(record, 30)?) + usize::from(read_u16(record, 32)?);
    let name = record.get(ENTRY_BYTES..ENTRY_BYTES + name_bytes)?;
    let entry = ZipEntry {
        name: String::from_utf8_lossy(name).into_owned(),
        method: read_u16(record, 10)?,
        packed_bytes: read_u32(record, 20)?,
        offset: read_u32(record, 42)?,
    };
    Some((entry, ENTRY_BYTES + name_bytes + extra_bytes))
}

/// Unpacks a file of an archive, of at most `max_bytes`.
///
/// # Errors
///
/// Returns why it cannot be unpacked, as a part of a sentence.
pub(super) fn unpack_zip_entry(
    bytes: &[u8],
    entry: &ZipEntry,
    max_bytes: u64,
) -> Result<Vec<u8>, &'static str> {
    let header = bytes.get(entry.offset..).unwrap_or_default();
    let is_header = header.starts_with(LOCAL_HEADER);
    let lengths = read_u16(header, 26).zip(read_u16(header, 28)).filter(|_| is_header);
    let (name_bytes, extra_bytes) = lengths.ok_or("its header is damaged")?;
    let start = LOCAL_BYTES + usize::from(name_bytes) + usize::from(extra_bytes);
    let packed =
        header.get(start..start.saturating_add(entry.packed_bytes)).ok_or("it is cut off")?;
    let mut unpacked = Vec::new();
    let read = match entry.method {
        0 => packed.take(max_bytes + 1).read_to_end(&mut unpacked),
        8 => DeflateDecoder::new(packed).take(max_bytes + 1).read_to_end(&mut unpacked),
        _ => return Err("it is packed in a way that is not supported"),
    };
    read.map_err(|_| "it is damaged")?;
    if unpacked.len() as u64 > max_bytes { Err("it is too large") } else { Ok(unpacked) }
}

fn read_u16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn read_u32(bytes: &[u8], at: usize) -> Option<usize> {
    let number = u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
    usize::try_from(number).ok()
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::DeflateEncoder};

    use super::*;

    /// Makes an archive of files, each stored or deflated.
    pub(in crate::imports) fn make_zip(files: &[(&str, &[u8], bool)]) -> Vec<u8> {
        let (mut zip, mut directory) = (Vec::new(), Vec::new());
        for (name, content, is_deflated) in files {
            let packed = if *is_deflated {
                let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(content).unwrap();
                encoder.finish().unwrap()
            } else {
                content.to_vec()
            };
            let method = if *is_deflated { 8_u16 } else { 0 };
            let offset = u32::try_from(zip.len()).unwrap();
            let sizes = [packed.len(), content.len()].map(|len| u32::try_from(len).unwrap());
            let common = |out: &mut Vec<u8>| {
                out.extend([20, 0, 0, 0]);
                out.extend(method.to_le_bytes());
                out.extend([0; 8]);
                out.extend(sizes[0].to_le_bytes());
                out.extend(sizes[1].to_le_bytes());
                out.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
                out.extend([0, 0]);
            };
            zip.extend(LOCAL_HEADER);
            common(&mut zip);
            zip.extend(name.as_bytes());
            zip.extend(&packed);
            directory.extend(DIRECTORY_ENTRY);
            directory.extend([20, 0]);
            common(&mut directory);
            directory.extend([0; 10]);
            directory.extend(offset.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let offset = u32::try_from(zip.len()).unwrap();
        zip.extend(&directory);
        zip.extend(END_OF_DIRECTORY);
        zip.extend([0; 6]);
        zip.extend(u16::try_from(files.len()).unwrap().to_le_bytes());
        zip.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
        zip.extend(offset.to_le_bytes());
        zip.extend([0, 0]);
        zip
    }

    #[test]
    fn zip_files_are_listed_and_unpacked_up_to_their_limit() {
        let text = b"starred ".repeat(100);
        let zip = make_zip(&[("a/one.json", &text, true), ("two.txt", b"plain", false)]);
        let entries = list_zip(&zip).unwrap();
        let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["a/one.json", "two.txt"]);
        assert_eq!(unpack_zip_entry(&zip, &entries[0], 800).unwrap(), text);
        assert_eq!(unpack_zip_entry(&zip, &entries[0], 799), Err("it is too large"));
        assert_eq!(unpack_zip_entry(&zip, &entries[1], 9).unwrap(), b"plain");
    }

    #[test]
    fn damaged_archives_are_refused() {
        let zip = make_zip(&[("one.json", b"{}{}{}{}", true)]);
        for len in 0..zip.len() {
            let _ = list_zip(&zip[..len]);
            let mut damaged = zip.clone();
            damaged[len] ^= 0xff;
            for entry in list_zip(&damaged).unwrap_or_default() {
                let _ = unpack_zip_entry(&damaged, &entry, 100);
            }
        }
        assert!(list_zip(&zip[..zip.len() - 1]).is_err());
        assert!(list_zip(b"").is_err());
    }
}
