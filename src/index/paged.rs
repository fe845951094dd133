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
const PAGE: usize = 16 * 1024;

/// The last bytes of every file of an index.
const MARK: [u8; 4] = *b"nRix";

/// The version of the format of all files; another one is built anew.
pub const FORMAT: u32 = 3;

/// Bytes behind the checksums of the pages.
const TAIL: usize = 4 + 8 + 4 + MARK.len();

/// A file being written.
pub(super) struct PagedWriter {
    out: io::BufWriter<File>,
    page: crc32fast::Hasher,
    in_page: usize,
    sums: Vec<u32>,
    written: u64,
}

impl PagedWriter {
    /// A new file at `path`.
    pub(super) fn create(path: &Path) -> io::Result<PagedWriter> {
        let out = io::BufWriter::with_capacity(256 * 1024, File::create(path)?);
        Ok(PagedWriter { out, page: crc32fast::Hasher::new(), in_page: 0, sums: Vec::new(), written: 0 })
    }

    /// Bytes written so far: where the next one will be.
    pub(super) fn position(&self) -> u64 {
        self.written
    }

    /// Ends the file, and waits until the disk has it.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.in_page > 0 {
            self.end_page();
        }
        let mut tail: Vec<u8> = self.sums.iter().flat_map(|sum| sum.to_le_bytes()).collect();
        tail.extend(crc32fast::hash(&tail).to_le_bytes());
        tail.extend(self.written.to_le_bytes());
        tail.extend(FORMAT.to_le_bytes());
        tail.extend(MARK);
        self.out.write_all(&tail)?;
        self.out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    }

    fn end_page(&mut self) {
        self.sums.push(std::mem::take(&mut self.page).finalize());
        self.in_page = 0;
    }
}

impl Write for PagedWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = &bytes[..bytes.len().min(PAGE - self.in_page)];
        self.out.write_all(part)?;
        self.page.update(part);
        self.in_page += part.len();
        self.written += part.len() as u64;
        if self.in_page == PAGE {
            self.end_page();
        }
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A file being read.
#[derive(Debug)]
pub(super) struct Paged {
    file: File,
    /// What it is called in a complaint.
    name: String,
    len: u64,
    sums: Vec<u32>,
    /// Pages that were read and are whole.
    seen: Vec<AtomicBool>,
}

impl Paged {
    /// Opens the file at `path` and reads its checksums.
    pub(super) fn open(path: &Path) -> Result<Paged, IndexError> {
        let name = path.display().to_string();
        let failed =
            |error: io::Error| IndexError::Unreadable { name: name.clone(), reason: error.to_string() };
        let broken = || IndexError::Broken { name: name.clone() };
        let file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        let mut tail = [0; TAIL];
        let tail_at = size.checked_sub(TAIL as u64).ok_or_else(broken)?;
        read_at(&file, tail_at, &mut tail).map_err(failed)?;
        let (sum, rest) = tail.split_at(4);
        let (len, rest) = rest.split_at(8);
        let (format, mark) = rest.split_at(4);
        let len = u64::from_le_bytes(len.try_into().expect("eight bytes were split off"));
        let pages = len.div_ceil(PAGE as u64);
        if mark != MARK
            || format != FORMAT.to_le_bytes()
            || pages.checked_mul(4).and_then(|sums| sums.checked_add(len)) != Some(tail_at)
        {
            return Err(broken());
        }
        let mut sums = vec![0; usize::try_from(tail_at - len).map_err(|_| broken())?];
        read_at(&file, len, &mut sums).map_err(failed)?;
        if crc32fast::hash(&sums).to_le_bytes() != sum {
            return Err(broken());
        }
        let sums: Vec<u32> = sums.as_chunks().0.iter().map(|sum| u32::from_le_bytes(*sum)).collect();
        let seen = sums.iter().map(|_| AtomicBool::new(false)).collect();
        Ok(Paged { file, name, len, sums, seen })
    }

    /// Bytes in the pages.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// What to say of bytes that are whole and make no sense: another program wrote them.
    pub(super) fn broken(&self) -> IndexError {
        IndexError::Broken { name: self.name.clone() }
    }

    /// Puts the `len` bytes at `at` into `buffer`, in place of what is there.
    pub(super) fn read(&self, at: u64, len: usize, buffer: &mut Vec<u8>) -> Result<(), IndexError> {
        let end = at.checked_add(len as u64).filter(|end| *end <= self.len).ok_or_else(|| self.broken())?;
        if len == 0 {
            buffer.clear();
            return Ok(());
        }
        let pages = Self::page_of(at)..=Self::page_of(end - 1);
        if pages.clone().all(|page| self.seen[page].load(Ordering::Relaxed)) {
            // What is in it is written over: it need not be emptied first.
            buffer.resize(len, 0);
            return self.fill(at, buffer);
        }
        let start = *pages.start() as u64 * PAGE as u64;
        let whole = (*pages.end() as u64 + 1).saturating_mul(PAGE as u64).min(self.len) - start;
        buffer.resize(usize::try_from(whole).map_err(|_| self.broken())?, 0);
        self.fill(start, buffer)?;
        for (page, bytes) in pages.zip(buffer.chunks(PAGE)) {
            if crc32fast::hash(bytes) != self.sums[page] {
                return Err(self.broken());
            }
            self.seen[page].store(true, Ordering::Relaxed);
        }
        let skip = usize::try_from(at - start).map_err(|_| self.broken())?;
        buffer.copy_within(skip..skip + len, 0);
        buffer.truncate(len);
        Ok(())
    }

    /// All of it.
    pub(super) fn read_all(&self) -> Result<Vec<u8>, IndexError> {
        let mut bytes = Vec::new();
        self.read(0, usize::try_from(self.len).map_err(|_| self.broken())?, &mut bytes)?;
        Ok(bytes)
    }

    fn page_of(at: u64) -> usize {
        usize::try_from(at / PAGE as u64).unwrap_or(usize::MAX)
    }

    fn fill(&self, at: u64, buffer: &mut [u8]) -> Result<(), IndexError> {
        let failed =
            |error: io::Error| IndexError::Unreadable { name: self.name.clone(), reason: error.to_string() };
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

    fn written(bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mut writer = PagedWriter::create(&path).unwrap();
        bytes.chunks(1000).for_each(|part| writer.write_all(part).unwrap());
        assert_eq!(writer.position(), bytes.len() as u64);
        writer.finish().unwrap();
        (folder, path)
    }

    #[test]
    fn any_part_is_read() {
        let bytes: Vec<u8> = (0..100_000_u32).map(|n| (n % 251) as u8).collect();
        let (_folder, path) = written(&bytes);
        let file = Paged::open(&path).unwrap();
        let mut part = Vec::new();
        for (at, len) in
            [(0, 1), (PAGE - 1, 2), (PAGE, PAGE), (99_999, 1), (5, 0), (100, 60_000), (0, 100_000)]
        {
            file.read(at as u64, len, &mut part).unwrap();
            assert_eq!(part, bytes[at..at + len]);
        }
        assert!(file.read(99_999, 2, &mut part).is_err());
        let (_folder, path) = written(&[]);
        assert_eq!(Paged::open(&path).unwrap().read_all().unwrap(), b"");
    }

    #[test]
    fn a_broken_page_is_told_when_it_is_read_and_the_others_are_read() {
        let (_folder, path) = written(&vec![7; 40_000]);
        let mut bytes = fs::read(&path).unwrap();
        bytes[20_000] ^= 1;
        fs::write(&path, bytes).unwrap();
        let file = Paged::open(&path).unwrap();
        let mut part = Vec::new();
        file.read(0, 100, &mut part).unwrap();
        file.read(39_000, 100, &mut part).unwrap();
        assert!(matches!(file.read(17_000, 1, &mut part), Err(IndexError::Broken { .. })));
    }

    #[test]
    fn cut_files_and_those_of_other_versions_are_told_at_once() {
        let (folder, path) = written(&[7; 4000]);
        let whole = fs::read(&path).unwrap();
        for len in [0, 5, whole.len() - 1] {
            fs::write(&path, &whole[..len]).unwrap();
            assert!(matches!(Paged::open(&path), Err(IndexError::Broken { .. })), "{len} bytes");
        }
        let mut other = whole.clone();
        let at = whole.len() - MARK.len() - 4;
        other[at] = u8::MAX;
        fs::write(&path, other).unwrap();
        assert!(matches!(Paged::open(&path), Err(IndexError::Broken { .. })));
        assert!(matches!(Paged::open(&folder.path().join("none")), Err(IndexError::Unreadable { .. })));
    }
}
