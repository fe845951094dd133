//! Folders and files that only their owner can read: the library holds private mail, passwords in
//! headers, and what the user has read.

use std::{fs, io, path::Path};

/// Creates `folder` and the folders above it, if they do not exist. The new ones are open to their owner
/// only; existing ones stay as they are.
pub fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Takes the rights to a file or folder from everybody but its owner. Files that SQLite creates beside a
/// database have the rights of the database.
///
/// On a file system without such rights, and of another user, it stays as it is.
pub fn make_private(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = path.metadata().map_or(0, |metadata| metadata.permissions().mode());
        if mode & 0o077 != 0 {
            let _ = fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o7700));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}
