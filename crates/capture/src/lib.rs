//! Reader and writer of .scap capture files
