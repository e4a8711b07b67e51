//! A server that cannot start says why, and what to do.

use lanner_server::{Server, ServerConfig, ServerError};

use crate::cases::*;

async fn refusal(config: ServerConfig) -> ServerError {
    match Server::start(config).await {
        Err(error) => error,
        Ok(_) => panic!("the server starts"),
    }
}

#[tokio::test]
async fn an_address_that_others_can_reach_is_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let any = "0.0.0.0:0".parse().expect("an address");
    let server = Server::start(ServerConfig { listen_http: any, ..config(folder.path()) }).await;
    let server = server.expect("the server starts");
    assert!(server.http_address().ip().is_unspecified());
    server.stop().await;
}

#[tokio::test]
async fn a_busy_port_is_named_with_the_flag_that_chooses_another() {
    let (server, folder) = server().await;
    let taken = server.http_address();
    let again = ServerConfig { listen_http: taken, ..config(folder.path()) };
    assert_eq!(
        refusal(again).await.to_string(),
        format!(
            "port {} of 127.0.0.1 is taken by another program (perhaps another lanner); end it, or choose another \
             port with --http-port",
            taken.port()
        )
    );
    server.stop().await;
}

#[tokio::test]
async fn a_data_folder_that_is_made_is_for_its_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let made = folder.path().join("lanner/data");
    let server = start(&made).await;
    let mode = made.metadata().expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    server.stop().await;
}

#[tokio::test]
async fn a_data_folder_has_one_server() {
    let (server, folder) = server().await;
    let error = refusal(config(folder.path())).await;
    assert!(matches!(error, ServerError::DataFolderTaken { .. }), "{error}");
    server.stop().await;
    start(folder.path()).await.stop().await;
}

#[tokio::test]
async fn a_base_path_is_a_path() {
    let folder = tempfile::tempdir().expect("a folder");
    for bad in ["", "lanner/", "/lanner", "//evil.example/", "/\"><script>/"] {
        let config = ServerConfig { base_path: bad.into(), ..config(folder.path()) };
        assert!(matches!(refusal(config).await, ServerError::BasePath { .. }), "{bad}");
    }
}

#[tokio::test]
async fn damaged_settings_are_named_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("settings.sqlite"), "no database").expect("written");
    let error = refusal(config(folder.path())).await;
    assert!(matches!(error, ServerError::Settings(_)), "{error}");
    let cause = std::error::Error::source(&error).expect("a cause").to_string();
    assert!(cause.contains("settings.sqlite are damaged") && cause.contains("move it"), "{cause}");
}
