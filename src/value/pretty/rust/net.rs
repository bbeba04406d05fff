//! Addresses of the internet protocol, as their own `Display` writes them: `127.0.0.1`, `[::1]:443`.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4, SocketAddrV6};

use crate::value::view::{FieldStyle, View};

use super::super::part::{Formed, Part, lacks};
use super::variant::active;

fn written<'a>(text: String) -> Formed<View<'a>> {
    Ok(View::Variant { name: text.into(), children: Vec::new(), style: FieldStyle::Unit })
}

/// `Ipv4Addr`, `Ipv6Addr`: 4 or 16 octets.
pub fn address<'a>(address: &Part<'a, '_>) -> Formed<View<'a>> {
    match address.size_of(address.type_id)? {
        4 => written(version_4(address)?.to_string()),
        16 => written(version_6(address)?.to_string()),
        _ => lacks("4 or 16 octets"),
    }
}

fn octets<const N: usize>(address: &Part<'_, '_>) -> Formed<[u8; N]> {
    let octets = address.member("octets")?;
    let bytes = address.reader.bytes(&octets.object, N as u64)?;
    bytes.try_into().map_or_else(|_| lacks(format!("{N} octets")), Ok)
}

fn version_4(address: &Part<'_, '_>) -> Formed<Ipv4Addr> {
    octets::<4>(address).map(Ipv4Addr::from)
}

fn version_6(address: &Part<'_, '_>) -> Formed<Ipv6Addr> {
    octets::<16>(address).map(Ipv6Addr::from)
}

fn port(socket: &Part<'_, '_>) -> Formed<u16> {
    Ok(socket.member("port")?.number()? as u16)
}

/// `SocketAddrV4`: `10.0.0.1:80`.
pub fn socket_4<'a>(socket: &Part<'a, '_>) -> Formed<View<'a>> {
    written(SocketAddrV4::new(version_4(&socket.member("ip")?)?, port(socket)?).to_string())
}

/// `SocketAddrV6`: `[fe80::1%2]:443`.
pub fn socket_6<'a>(socket: &Part<'a, '_>) -> Formed<View<'a>> {
    let ip = version_6(&socket.member("ip")?)?;
    let scope = socket.member("scope_id")?.number()? as u32;
    let flow = socket.member("flowinfo")?.number()? as u32;
    written(SocketAddrV6::new(ip, port(socket)?, flow, scope).to_string())
}

/// `IpAddr`, `SocketAddr`: whichever of the two it is.
pub fn either<'a>(address: &Part<'a, '_>) -> Formed<View<'a>> {
    match active(address)?.1.own("__0") {
        Some(inner) => Ok(View::Wrapped { prefix: "", inner: inner.object }),
        None => lacks("an address"),
    }
}
