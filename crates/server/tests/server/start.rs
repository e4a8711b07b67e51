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
async fn an_address_that_others_can_reach_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for (listen, expected) in
        [("0.0.0.0:7070", "0.0.0.0:7070"), ("[::]:7070", "[::]:7070"), ("192.0.2.1:80", "192.0.2.1:80")]
    {
        let http = ServerConfig { listen_http: listen.parse().expect("an address"), ..config(folder.path()) };
        let text = refusal(http).await.to_string();
        assert!(
            text.starts_with(&format!(
                "{expected} can be reached from other machines, and there is no sign-in yet"
            )),
            "{text}"
        );
        let grpc = ServerConfig { listen_grpc: listen.parse().expect("an address"), ..config(folder.path()) };
        assert!(matches!(refusal(grpc).await, ServerError::NotLoopback { .. }));
    }
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
