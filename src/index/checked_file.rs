//! Index files with a checksum per page. A file is written once and read in ranges; each page is
//! verified when it is first read.
//!
//! ```text
//! page 0 … page n (the last page may be shorter) │ CRC-32 of each page │ CRC-32 of these checksums
//! │ owner (u64) │ total length of the pages (u64) │ format version (u32) │ magic bytes
//! ```
//!
//! The owner is made from the random id of the segment and the name of the file, so that a file of
//! another segment, of another library or of another name is noticed. Files of format version 3
//! have none; otherwise the versions differ only in the [files](super::segment) of a segment.
//!
//! Files are read with positioned reads and never mapped into memory. A truncated file is then an
//! error and not a signal (`SIGBUS`), and the operating system decides how much of the file stays
//! in its cache.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use super::IndexError;

/// Number of bytes that share a checksum.
const PAGE_BYTES: usize = 16 * 1024;

/// The last bytes of every index file.
const FILE_MAGIC: [u8; 4] = *b"nRix";

/// Version of the format of all index files. Segments of the versions from
/// `VERSION_WITHOUT_OWNER` on are searched as they are; an index of another version is rebuilt.
pub const INDEX_FORMAT_VERSION: u32 = 5;

/// The format version whose files do not state their owner.
const VERSION_WITHOUT_OWNER: u32 = 3;

/// Number of bytes at the end of a file: length, version and magic bytes.
const FOOTER_BYTES: usize = 8 + 4 + FILE_MAGIC.len();

/// Number of bytes between the page checksums and the footer: their own checksum and the owner.
const OWNER_BYTES: usize = 8;
const CHECKSUM_BYTES: usize = 4;

/// Returns the owner that the file at `path` states, if it belongs to the segment with this id.
fn file_owner(path: &Path, segment_id: i64) -> u64 {
    let name = path.file_name().map(std::ffi::OsStr::as_encoded_bytes).unwrap_or_default();
    segment_id.cast_unsigned() ^ u64::from(crc32fast::hash(name))
}

/// A writer that adds a checksum per page.
pub(super) struct CheckedFileWriter {
    writer: io::BufWriter<File>,
    page_hasher: crc32fast::Hasher,
    page_len: usize,
    checksums: Vec<u32>,
    position: u64,
    owner: u64,
}

impl CheckedFileWriter {
    /// Creates the file at `path` for the segment with this id.
    pub(super) fn create(path: &Path, segment_id: i64) -> io::Result<CheckedFileWriter> {
        let writer = io::BufWriter::with_capacity(256 * 1024, File::create(path)?);
        Ok(CheckedFileWriter {
            writer,
            page_hasher: crc32fast::Hasher::new(),
            page_len: 0,
            checksums: Vec::new(),
            position: 0,
            owner: file_owner(path, segment_id),
        })
    }

    /// Returns the number of bytes written so far, which is the offset of the next byte.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Writes the checksums and waits until the file is on the disk.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.page_len > 0 {
            self.finish_page();
        }
        let mut footer: Vec<u8> = self.checksums.iter().flat_map(|sum| sum.to_le_bytes()).collect();
        footer.extend(crc32fast::hash(&footer).to_le_bytes());
        footer.extend(self.owner.to_le_bytes());
        footer.extend(self.position.to_le_bytes());
        footer.extend(INDEX_FORMAT_VERSION.to_le_bytes());
        footer.extend(FILE_MAGIC);
        self.writer.write_all(&footer)?;
        self.writer.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    }

    fn finish_page(&mut self) {
        self.checksums.push(std::mem::take(&mut self.page_hasher).finalize());
        self.page_len = 0;
    }
}

impl Write for CheckedFileWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = &bytes[..bytes.len().min(PAGE_BYTES - self.page_len)];
        self.writer.write_all(part)?;
        self.page_hasher.update(part);
        self.page_len += part.len();
        self.position += part.len() as u64;
        if self.page_len == PAGE_BYTES {
            self.finish_page();
        }
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// An open index file.
#[derive(Debug)]
pub(super) struct CheckedFile {
    file: File,
    /// Path for error messages.
    name: String,
    /// Total length of the pages.
    len: u64,
    format_version: u32,
    checksums: Vec<u32>,
    /// Pages whose checksum has been compared and was right.
    verified_pages: Vec<AtomicBool>,
}

impl CheckedFile {
    /// Opens the file at `path` of the segment with this id and reads its checksums. Without an id,
    /// the segment is of an earlier version, whose files state no owner.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read, is damaged, or belongs to another segment.
    pub(super) fn open(path: &Path, segment_id: Option<i64>) -> Result<CheckedFile, IndexError> {
        let name = path.display().to_string();
        let to_io_error =
            |error: io::Error| IndexError::Io { name: name.clone(), reason: error.to_string() };
        let corrupt = || IndexError::Corrupt { name: name.clone() };
        // Opening a pipe would wait for a writer.
        if !path.metadata().map_err(to_io_error)?.is_file() {
            return Err(corrupt());
        }
        let file = File::open(path).map_err(to_io_error)?;
        let size = file.metadata().map_err(to_io_error)?.len();
        let mut footer = [0; FOOTER_BYTES];
        let footer_start = size.checked_sub(FOOTER_BYTES as u64).ok_or_else(corrupt)?;
        read_at(&file, footer_start, &mut footer).map_err(to_io_error)?;
        let (len, version) = parse_footer(footer).ok_or_else(corrupt)?;
        let page_count = len.div_ceil(PAGE_BYTES as u64);
        let has_owner = version != VERSION_WITHOUT_OWNER;
        let tail_bytes = CHECKSUM_BYTES + if has_owner { OWNER_BYTES } else { 0 };
        let sums_end = footer_start.checked_sub(tail_bytes as u64).ok_or_else(corrupt)?;
        if page_count.checked_mul(4).and_then(|sums| sums.checked_add(len)) != Some(sums_end) {
            return Err(corrupt());
        }
        let to_size = |bytes: u64| usize::try_from(bytes).map_err(|_| corrupt());
        let mut tail = vec![0; to_size(footer_start - len)?];
        read_at(&file, len, &mut tail).map_err(to_io_error)?;
        let (checksum_bytes, rest) = tail.split_at(to_size(sums_end - len)?);
        let (checksum, owner) = rest.split_at(CHECKSUM_BYTES);
        if crc32fast::hash(checksum_bytes).to_le_bytes() != checksum {
            return Err(corrupt());
        }
        let expected_owner = segment_id.map(|id| file_owner(path, id).to_le_bytes());
        if expected_owner.as_ref().map_or(&[][..], |owner| &owner[..]) != owner {
            return Err(IndexError::Foreign { name });
        }
        let (checksums, _) = checksum_bytes.as_chunks();
        let checksums: Vec<u32> =
            checksums.iter().map(|checksum| u32::from_le_bytes(*checksum)).collect();
        let verified_pages = checksums.iter().map(|_| AtomicBool::new(false)).collect();
        Ok(CheckedFile { file, name, len, format_version: version, checksums, verified_pages })
    }

    /// Returns the format version of the program that wrote the file.
    pub(super) fn format_version(&self) -> u32 {
        self.format_version
    }

    /// Returns the total length of the pages in bytes.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Returns the error for bytes whose checksum is right but whose content makes no sense:
    /// another program wrote them.
    pub(super) fn corrupt_error(&self) -> IndexError {
        IndexError::Corrupt { name: self.name.clone() }
    }

    /// Replaces the content of `buffer` by the `len` bytes at `offset`.
    ///
    /// # Errors
    ///
    /// Fails if the range is not inside the file, a checksum is wrong, or the file cannot be read.
    pub(super) fn read_range(
        &self,
        offset: u64,
        len: usize,
        buffer: &mut Vec<u8>,
    ) -> Result<(), IndexError> {
        let end = offset
            .checked_add(len as u64)
            .filter(|end| *end <= self.len)
            .ok_or_else(|| self.corrupt_error())?;
        if len == 0 {
            buffer.clear();
            return Ok(());
        }
        let pages = Self::page_index(offset)..=Self::page_index(end - 1);
        if pages.clone().all(|page| self.verified_pages[page].load(Ordering::Relaxed)) {
            // The read overwrites the old content, so `buffer` is not cleared first.
            buffer.resize(len, 0);
            return self.read_unchecked(offset, buffer);
        }
        let start = *pages.start() as u64 * PAGE_BYTES as u64;
        let pages_len =
            (*pages.end() as u64 + 1).saturating_mul(PAGE_BYTES as u64).min(self.len) - start;
        buffer.resize(usize::try_from(pages_len).map_err(|_| self.corrupt_error())?, 0);
        self.read_unchecked(start, buffer)?;
        for (page, bytes) in pages.zip(buffer.chunks(PAGE_BYTES)) {
            if crc32fast::hash(bytes) != self.checksums[page] {
                return Err(self.corrupt_error());
            }
            self.verified_pages[page].store(true, Ordering::Relaxed);
        }
        let skip = usize::try_from(offset - start).map_err(|_| self.corrupt_error())?;
        buffer.copy_within(skip..skip + len, 0);
        buffer.truncate(len);
        Ok(())
    }

    /// Reads the whole content.
    pub(super) fn read_all(&self) -> Result<Vec<u8>, IndexError> {
        let mut bytes = Vec::new();
        self.read_range(
            0,
            usize::try_from(self.len).map_err(|_| self.corrupt_error())?,
            &mut bytes,
        )?;
        Ok(bytes)
    }

    fn page_index(offset: u64) -> usize {
        usize::try_from(offset / PAGE_BYTES as u64).unwrap_or(usize::MAX)
    }

    fn read_unchecked(&self, offset: u64, buffer: &mut [u8]) -> Result<(), IndexError> {
        let to_io_error = |error: io::Error| IndexError::Io {
            name: self.name.clone(),
            reason: error.to_string(),
        };
        read_at(&self.file, offset, buffer).map_err(to_io_error)
    }
}

/// Returns the length of the pages and the format version; `None` for another file.
fn parse_footer(footer: [u8; FOOTER_BYTES]) -> Option<(u64, u32)> {
    let (len, rest) = footer.split_first_chunk()?;
    let (version, magic) = rest.split_first_chunk()?;
    let version = u32::from_le_bytes(*version);
    let is_known = (VERSION_WITHOUT_OWNER..=INDEX_FORMAT_VERSION).contains(&version);
    (is_known && magic == FILE_MAGIC).then_some((u64::from_le_bytes(*len), version))
}

#[cfg(unix)]
fn read_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut offset: u64, mut buffer: &mut [u8]) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !buffer.is_empty() {
        match file.seek_read(buffer, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                offset += read as u64;
                buffer = &mut buffer[read..];
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const ID: i64 = -77;

    fn write_temp_file(bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mut writer = CheckedFileWriter::create(&path, ID).unwrap();
        bytes.chunks(1000).for_each(|part| writer.write_all(part).unwrap());
        assert_eq!(writer.position(), bytes.len() as u64);
        writer.finish().unwrap();
        (folder, path)
    }

    #[test]
    fn checked_file_reads_any_range() {
        let bytes: Vec<u8> = (0..100_000_u32).map(|n| (n % 251) as u8).collect();
        let (_folder, path) = write_temp_file(&bytes);
        let file = CheckedFile::open(&path, Some(ID)).unwrap();
        let mut part = Vec::new();
        for (at, len) in [
            (0, 1),
            (PAGE_BYTES - 1, 2),
            (PAGE_BYTES, PAGE_BYTES),
            (99_999, 1),
            (5, 0),
            (100, 60_000),
            (0, 100_000),
        ] {
            file.read_range(at as u64, len, &mut part).unwrap();
            assert_eq!(part, bytes[at..at + len]);
        }
        assert!(file.read_range(99_999, 2, &mut part).is_err());
        let (_folder, path) = write_temp_file(&[]);
        assert_eq!(CheckedFile::open(&path, Some(ID)).unwrap().read_all().unwrap(), b"");
    }

    #[test]
    fn checked_file_rejects_only_corrupt_page() {
        let (_folder, path) = write_temp_file(&vec![7; 40_000]);
        let mut bytes = fs::read(&path).unwrap();
        bytes[20_000] ^= 1;
        fs::write(&path, bytes).unwrap();
        let file = CheckedFile::open(&path, Some(ID)).unwrap();
        let mut part = Vec::new();
        file.read_range(0, 100, &mut part).unwrap();
        file.read_range(39_000, 100, &mut part).unwrap();
        assert!(matches!(file.read_range(17_000, 1, &mut part), Err(IndexError::Corrupt { .. })));
    }

    #[test]
    fn checked_file_open_rejects_truncation_and_other_versions() {
        let (folder, path) = write_temp_file(&[7; 4000]);
        let whole = fs::read(&path).unwrap();
        for len in [0, 5, whole.len() - 1] {
            fs::write(&path, &whole[..len]).unwrap();
            assert!(
                matches!(CheckedFile::open(&path, Some(ID)), Err(IndexError::Corrupt { .. })),
                "{len} bytes"
            );
        }
        let mut other = whole.clone();
        let at = whole.len() - FILE_MAGIC.len() - 4;
        other[at] = u8::MAX;
        fs::write(&path, other).unwrap();
        assert!(matches!(CheckedFile::open(&path, Some(ID)), Err(IndexError::Corrupt { .. })));
        assert!(matches!(
            CheckedFile::open(&folder.path().join("none"), Some(ID)),
            Err(IndexError::Io { .. })
        ));
    }

    #[cfg(unix)]
    #[test]
    fn checked_file_open_rejects_what_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [folder.path(), &pipe] {
            let opened = CheckedFile::open(path, Some(ID));
            assert!(matches!(opened, Err(IndexError::Corrupt { .. })), "{}", path.display());
        }
    }

    #[test]
    fn checked_file_belongs_to_one_segment_and_name() {
        let (folder, path) = write_temp_file(&vec![7; 40_000]);
        let is_foreign = |path: &Path, id| {
            matches!(CheckedFile::open(path, id), Err(IndexError::Foreign { .. }))
        };
        assert!(!is_foreign(&path, Some(ID)));
        assert!(is_foreign(&path, Some(ID + 1)));
        assert!(is_foreign(&path, None), "a segment of an earlier version has no such files");
        let renamed = folder.path().join("other");
        fs::rename(&path, &renamed).unwrap();
        assert!(is_foreign(&renamed, Some(ID)));
    }
}
