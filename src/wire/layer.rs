//! The names of all headers.

use super::each_header;

macro_rules! layers {
    ($($layer:ident $module:ident,)*) => {
        /// Every header that ipeek knows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Layer {
            $(
                #[doc = concat!("See [`super::", stringify!($module), "`].")]
                $layer,
            )*
        }
    };
}

each_header!(layers);
