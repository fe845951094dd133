//! Files that are written once and read in pieces, each page of them checked when it is first read.
//!
//! ```text
//! page 0 … page n (the last one shorter) │ CRC-32 of each page │ CRC-32 of those │ bytes of the pages: u64 │ format: u32 │ mark
//! ```
//!
//! They are read at positions, never mapped: a file that somebody cuts is an error and no signal, and what is kept of it
//! in memory is the operating system's to give back.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use super::IndexError;

/// Bytes that share a checksum.
const PAGE_BYTES: usize = 16 * 1024;

/// The last bytes of every file of an index.
const FILE_MAGIC: [u8; 4] = *b"nRix";

/// The version of the format of all files; another one is built anew.
pub const INDEX_FORMAT_VERSION: u32 = 3;

/// Bytes behind the checksums of the pages.
const FOOTER_BYTES: usize = 4 + 8 + 4 + FILE_MAGIC.len();

/// A file being written.
pub(super) struct CheckedFileWriter {
    writer: io::BufWriter<File>,
    page_hasher: crc32fast::Hasher,
    page_len: usize,
    checksums: Vec<u32>,
    position: u64,
}

impl CheckedFileWriter {
    /// A new file at `path`.
    pub(super) fn create(path: &Path) -> io::Result<CheckedFileWriter> {
        let out = io::BufWriter::with_capacity(256 * 1024, File::create(path)?);
        Ok(CheckedFileWriter {
            writer: out,
            page_hasher: crc32fast::Hasher::new(),
            page_len: 0,
            checksums: Vec::new(),
            position: 0,
        })
    }

    /// Bytes written so far: where the next one will be.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Ends the file, and waits until the disk has it.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.page_len > 0 {
            self.finish_page();
        }
        let mut tail: Vec<u8> = self.checksums.iter().flat_map(|sum| sum.to_le_bytes()).collect();
        tail.extend(crc32fast::hash(&tail).to_le_bytes());
        tail.extend(self.position.to_le_bytes());
        tail.extend(INDEX_FORMAT_VERSION.to_le_bytes());
        tail.extend(FILE_MAGIC);
        self.writer.write_all(&tail)?;
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

/// A file being read.
#[derive(Debug)]
pub(super) struct CheckedFile {
    file: File,
    /// What it is called in a complaint.
    name: String,
    len: u64,
    checksums: Vec<u32>,
    /// Pages that were read and are whole.
    verified_pages: Vec<AtomicBool>,
}

impl CheckedFile {
    /// Opens the file at `path` and reads its checksums.
    pub(super) fn open(path: &Path) -> Result<CheckedFile, IndexError> {
        let name = path.display().to_string();
        let failed =
            |error: io::Error| IndexError::Io { name: name.clone(), reason: error.to_string() };
        let broken = || IndexError::Corrupt { name: name.clone() };
        let file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        let mut tail = [0; FOOTER_BYTES];
        let tail_at = size.checked_sub(FOOTER_BYTES as u64).ok_or_else(broken)?;
        read_at(&file, tail_at, &mut tail).map_err(failed)?;
        let (sum, rest) = tail.split_at(4);
        let (len, rest) = rest.split_at(8);
        let (format, mark) = rest.split_at(4);
        let len = u64::from_le_bytes(len.try_into().expect("eight bytes were split off"));
        let pages = len.div_ceil(PAGE_BYTES as u64);
        if mark != FILE_MAGIC
            || format != INDEX_FORMAT_VERSION.to_le_bytes()
            || pages.checked_mul(4).and_then(|sums| sums.checked_add(len)) != Some(tail_at)
        {
            return Err(broken());
        }
        let mut sums = vec![0; usize::try_from(tail_at - len).map_err(|_| broken())?];
        read_at(&file, len, &mut sums).map_err(failed)?;
        if crc32fast::hash(&sums).to_le_bytes() != sum {
            return Err(broken());
        }
        let sums: Vec<u32> =
            sums.as_chunks().0.iter().map(|sum| u32::from_le_bytes(*sum)).collect();
        let seen = sums.iter().map(|_| AtomicBool::new(false)).collect();
        Ok(CheckedFile { file, name, len, checksums: sums, verified_pages: seen })
    }

    /// Bytes in the pages.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// What to say of bytes that are whole and make no sense: another program wrote them.
    pub(super) fn corrupt_error(&self) -> IndexError {
        IndexError::Corrupt { name: self.name.clone() }
    }

    /// Puts the `len` bytes at `at` into `buffer`, in place of what is there.
    pub(super) fn read_range(
        &self,
        at: u64,
        len: usize,
        buffer: &mut Vec<u8>,
    ) -> Result<(), IndexError> {
        let end = at
            .checked_add(len as u64)
            .filter(|end| *end <= self.len)
            .ok_or_else(|| self.corrupt_error())?;
        if len == 0 {
            buffer.clear();
            return Ok(());
        }
        let pages = Self::page_index(at)..=Self::page_index(end - 1);
        if pages.clone().all(|page| self.verified_pages[page].load(Ordering::Relaxed)) {
            // What is in it is written over: it need not be emptied first.
            buffer.resize(len, 0);
            return self.read_unchecked(at, buffer);
        }
        let start = *pages.start() as u64 * PAGE_BYTES as u64;
        let whole =
            (*pages.end() as u64 + 1).saturating_mul(PAGE_BYTES as u64).min(self.len) - start;
        buffer.resize(usize::try_from(whole).map_err(|_| self.corrupt_error())?, 0);
        self.read_unchecked(start, buffer)?;
        for (page, bytes) in pages.zip(buffer.chunks(PAGE_BYTES)) {
            if crc32fast::hash(bytes) != self.checksums[page] {
                return Err(self.corrupt_error());
            }
            self.verified_pages[page].store(true, Ordering::Relaxed);
        }
        let skip = usize::try_from(at - start).map_err(|_| self.corrupt_error())?;
        buffer.copy_within(skip..skip + len, 0);
        buffer.truncate(len);
        Ok(())
    }

    /// All of it.
    pub(super) fn read_all(&self) -> Result<Vec<u8>, IndexError> {
        let mut bytes = Vec::new();
        self.read_range(
            0,
            usize::try_from(self.len).map_err(|_| self.corrupt_error())?,
            &mut bytes,
        )?;
        Ok(bytes)
    }

    fn page_index(at: u64) -> usize {
        usize::try_from(at / PAGE_BYTES as u64).unwrap_or(usize::MAX)
    }

    fn read_unchecked(&self, at: u64, buffer: &mut [u8]) -> Result<(), IndexError> {
        let failed = |error: io::Error| IndexError::Io {
            name: self.name.clone(),
            reason: error.to_string(),
        };
        read_at(&self.file, at, buffer).map_err(failed)
    }
}

#[cfg(unix)]
fn read_at(file: &File, at: u64, buffer: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, at)
}

#[cfg(windows)]
fn read_at(file: &File, mut at: u64, mut buffer: &mut [u8]) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !buffer.is_empty() {
        match file.seek_read(buffer, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                at += read as u64;
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

    fn write_temp_file(bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mut writer = CheckedFileWriter::create(&path).unwrap();
        bytes.chunks(1000).for_each(|part| writer.write_all(part).unwrap());
        assert_eq!(writer.position(), bytes.len() as u64);
        writer.finish().unwrap();
        (folder, path)
    }

    #[test]
    fn checked_file_reads_any_range() {
        let bytes: Vec<u8> = (0..100_000_u32).map(|n| (n % 251) as u8).collect();
        let (_folder, path) = write_temp_file(&bytes);
        let file = CheckedFile::open(&path).unwrap();
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
        assert_eq!(CheckedFile::open(&path).unwrap().read_all().unwrap(), b"");
    }

    #[test]
    fn checked_file_rejects_only_corrupt_page() {
        let (_folder, path) = write_temp_file(&vec![7; 40_000]);
        let mut bytes = fs::read(&path).unwrap();
        bytes[20_000] ^= 1;
        fs::write(&path, bytes).unwrap();
        let file = CheckedFile::open(&path).unwrap();
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
                matches!(CheckedFile::open(&path), Err(IndexError::Corrupt { .. })),
                "{len} bytes"
            );
        }
        let mut other = whole.clone();
        let at = whole.len() - FILE_MAGIC.len() - 4;
        other[at] = u8::MAX;
        fs::write(&path, other).unwrap();
        assert!(matches!(CheckedFile::open(&path), Err(IndexError::Corrupt { .. })));
        assert!(matches!(
            CheckedFile::open(&folder.path().join("none")),
            Err(IndexError::Io { .. })
        ));
    }
}
