//! Values: where they are (`object`), their bytes (`read`), their shape (`view`, `present`), in their language.
//!
//! An object is a type and a place and costs nothing; members, elements and casts make new objects; only `read`
//! looks at bytes; only `present` decides what a value looks like, as a shape without text. No text, no colour,
//! no limits of display here: that is `render`'s.

pub mod scalar;
pub mod object;
pub mod read;
pub mod function;
pub mod variables;
pub mod explain;
pub mod virtual_base;
pub mod view;
pub mod language;
pub mod characters;
pub mod type_name;
pub mod variant;
pub mod symbol;
pub mod vtable;
pub mod pretty;
pub mod member_pointer;
pub mod lanes;
pub mod wide;
pub mod present;
pub mod layout;
pub mod access;

pub use object::{InstanceId, Object, Variable};
pub use read::Reader;
pub use scalar::Scalar;
pub use view::{Child, Label, View};
