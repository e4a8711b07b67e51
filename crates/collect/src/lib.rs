//! What is learned by asking: /proc, /sys, cgroups
