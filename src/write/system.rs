//! What differs between systems: telling folders apart, mount points, and the
//! exchange of two folders. Only this file and `folder` name rustix.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Tells a file or folder from all others, by whatever path it was found.
#[cfg(unix)]
pub(super) type Identity = (u64, u64);
#[cfg(not(unix))]
pub(super) type Identity = std::path::PathBuf;

/// The identity of what `path` leads to, links followed.
#[cfg(unix)]
pub(super) fn identity(path: &Path) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::metadata(path)?;
    Ok((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
pub(super) fn identity(path: &Path) -> io::Result<Identity> {
    std::fs::canonicalize(path)
}

/// Whether another file system, or another part of this one, is mounted at
/// the folder `path`.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn is_mount_point(path: &Path) -> io::Result<bool> {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    // Devices alone would miss a bind mount, which is what a container has.
    match statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::empty()) {
        Ok(found) if found.stx_attributes_mask.contains(StatxAttributes::MOUNT_ROOT) => {
            Ok(found.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
        }
        Ok(_) | Err(rustix::io::Errno::NOSYS) => is_on_a_device_of_its_own(path),
        Err(error) => Err(error.into()),
    }
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
pub(super) fn is_mount_point(path: &Path) -> io::Result<bool> {
    is_on_a_device_of_its_own(path)
}

#[cfg(not(unix))]
pub(super) fn is_mount_point(_: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(unix)]
fn is_on_a_device_of_its_own(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let own = std::fs::symlink_metadata(path)?.dev();
    let parent = path.parent().map_or(Ok(own), |p| p.symlink_metadata().map(|found| found.dev()));
    Ok(own != parent?)
}

/// Puts each of two folders in the other's place, in one step.
///
/// # Errors
///
/// `Unsupported` or `InvalidInput` where the system or the file system cannot.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(super) fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Opens a file to read it, but not one behind a link.
pub(super) fn open_unlinked(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        // Not blocking, in case a pipe has just taken the file's place.
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    }
    options.open(path)
}

/// Whether `path` still leads to this open file.
#[cfg(unix)]
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let own = file.metadata().map(|found| (found.dev(), found.ino()));
    matches!((own, identity(path)), (Ok(own), Ok(there)) if own == there)
}

#[cfg(not(unix))]
pub(super) fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}
