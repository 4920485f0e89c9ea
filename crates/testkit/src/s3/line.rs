//! The way to a server, which can be cut and mended: to whoever calls, a cut line is a server that
//! has stopped, and a mended one is that server started again.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use super::Place;

/// A listener on a port of its own that passes bytes on.
#[derive(Debug)]
pub struct Line {
    address: SocketAddr,
    to: String,
    running: Option<AbortHandle>,
}

impl Line {
    /// Lays a line to the server of `place`.
    pub async fn to(place: &Place) -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let free = free.expect("a free port");
        let address = free.local_addr().expect("its address");
        let mut line = Self {
            address,
            to: place.host().to_owned(),
            running: None,
        };
        line.run(free);
        line
    }

    /// Where it begins.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends every connection and refuses new ones.
    pub fn cut(&mut self) {
        if let Some(running) = self.running.take() {
            running.abort();
        }
    }

    /// Lets through again.
    pub fn mend(&mut self) {
        // Connections of before the cut may still linger on the port.
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_reuseaddr(true).expect("an option of sockets");
        socket.bind(self.address).expect("the same port again");
        self.run(socket.listen(1024).expect("a listener"));
    }

    fn run(&mut self, listener: TcpListener) {
        let to = self.to.clone();
        let task = tokio::spawn(async move {
            // Dropped with this task, and every connection with it.
            let mut connections = JoinSet::new();
            while let Ok((caller, _)) = listener.accept().await {
                connections.spawn(pass_on(caller, to.clone()));
                while connections.try_join_next().is_some() {}
            }
        });
        self.running = Some(task.abort_handle());
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.cut();
    }
}

async fn pass_on(mut caller: TcpStream, to: String) {
    if let Ok(mut server) = TcpStream::connect(to).await {
        // Either side may hang up at any moment; that is what a line is for.
        let _ = tokio::io::copy_bidirectional(&mut caller, &mut server).await;
    }
}
