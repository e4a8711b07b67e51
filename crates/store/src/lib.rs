//! Series and events on disk, behind one trait per kind of data
